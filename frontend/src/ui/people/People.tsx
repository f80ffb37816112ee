import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { contactsAddress, staffDocument } from "../../api/people";
import { openDialog } from "../../state/workspace";
import { useSpeaker } from "../language";
import { Tabs } from "../parts/Tabs";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";
import { Party } from "./Party";
import { Staff } from "./Staff";
import { StaffedGrids } from "./StaffedGrids";
import { Unplaced } from "./Unplaced";
import { useDropOnMap } from "./useDropOnMap";
import "./people.css";

const tabs = ["grids", "unplaced", "staff", "party"] as const;

/** People is where the grids of a plan get those who are responsible for them (人员). */
export function People({ drawn }: { readonly drawn: Drawn }) {
  const { say, count, language } = useSpeaker();
  const [tab, setTab] = useState<(typeof tabs)[number]>("grids");
  const staff = useQuery(staffDocument(drawn.plan.id, language)).data;
  useDropOnMap(drawn);
  if (!staff) return <Loading />;
  const needs = staff.needs.filter((n) => n.needed > 0 || n.posts > 0);
  return (
    <>
      <section className="people-head">
        <p data-counts>{say("people.counts", { posts: staff.posts, held: staff.held, persons: staff.persons })}</p>
        {needs.length > 0 && (
          <table className="people-needs">
            <thead>
              <tr>
                {(["post", "needed", "inPost", "short"] as const).map((head) => (
                  <th key={head} scope="col">
                    {say(`people.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {needs.map((n) => (
                <tr key={`${n.kind} ${n.full_time}`} data-need={n.kind}>
                  <th scope="row">{n.label}</th>
                  <td className="number">{n.needed > 0 ? count(n.needed) : "–"}</td>
                  <td className="number">{count(n.in_post)}</td>
                  <td className={n.short > 0 ? "number people-short" : "number"}>{count(n.short)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <div className="people-acts">
          <button type="button" className="small" onClick={() => openDialog({ kind: "import", id: null })}>
            {say("people.import")}
          </button>
          <a className="small" href={contactsAddress(drawn.plan.id, language)} download>
            {say("people.contacts")}
          </a>
        </div>
        {staff.overloads.length > 0 && (
          <details className="people-over">
            <summary>{say("people.over", { n: staff.overloads.length, most: staff.max_households })}</summary>
            <ul>
              {staff.overloads.map((o) => (
                <li key={o.person}>
                  {say("people.over.one", { name: o.name, n: o.households, grids: o.grids.join("、") })}
                </li>
              ))}
            </ul>
          </details>
        )}
      </section>
      <Tabs
        label={say("sheet.people")}
        tabs={tabs}
        value={tab}
        onChange={setTab}
        head={(tab) =>
          tab === "unplaced" ? `${say("people.tab.unplaced")} ${staff.unplaced.length}` : say(`people.tab.${tab}`)
        }
      >
        {tab === "grids" && <StaffedGrids drawn={drawn} staff={staff} />}
        {tab === "unplaced" && <Unplaced drawn={drawn} staff={staff} />}
        {tab === "staff" && <Staff />}
        {tab === "party" && <Party drawn={drawn} />}
      </Tabs>
    </>
  );
}

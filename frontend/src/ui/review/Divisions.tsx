import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { home } from "../../api/address";
import { inForceDocument, lineageDocument } from "../../api/divisions";
import { boxOf } from "../../core/box";
import type { Division } from "../../core/contract";
import { look } from "../../state/workspace";
import { useSpeaker } from "../language";
import { LineageTable } from "./LineageTable";

interface Props {
  readonly divisions: readonly Division[];
  readonly today: string;
}

/** What was published, newest first, and which grids are in force on a day. */
export function Divisions({ divisions, today }: Props) {
  const { say } = useSpeaker();
  const [shown, setShown] = useState<number | null>(null);
  const [day, setDay] = useState(today);
  if (divisions.length === 0) return <p className="panel-state muted">{say("review.divisions.none")}</p>;
  return (
    <div className="review-scroll">
      <section className="review-day">
        <label className="field">
          <span>{say("review.asOf")}</span>
          <input type="date" value={day} onChange={(e) => setDay(e.target.value || today)} data-as-of />
        </label>
        <InForce day={day} />
      </section>
      <ul className="list" data-divisions>
        {divisions.map((d) => (
          <li key={d.id}>
            <button
              type="button"
              className="row review-division"
              aria-expanded={shown === d.id}
              onClick={() => setShown(shown === d.id ? null : d.id)}
            >
              <span className={`chip division-${d.state}`}>{say(`review.state.${d.state}`)}</span>
              <span>{say("review.division", { division: String(d.id), name: d.name })}</span>
              <span className="muted">
                {say(d.until ? "review.from.until" : "review.from", { day: d.effective, until: d.until ?? "" })}
              </span>
            </button>
            {shown === d.id && <Told division={d} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What a division changed, and its files. */
function Told({ division }: { readonly division: Division }) {
  const { say, language } = useSpeaker();
  const lineage = useQuery(lineageDocument(division.id, language)).data;
  const at = `${home}api/v1/divisions/${division.id}`;
  return (
    <div className="review-told">
      <p className="muted">
        {say("review.facts", {
          plan: division.plan,
          revision: String(division.revision),
          by: division.by || "–",
          basis: division.basis || "–",
        })}
      </p>
      <p>
        <a href={`${at}/grids.geojson?download=1`}>GeoJSON</a> · <a href={`${at}/export?format=gpkg`}>GeoPackage</a> ·{" "}
        <a href={`${at}/lineage.csv`}>{say("review.lineage.csv")}</a> ·{" "}
        <a href={`${at}/manifest`}>{say("review.manifest")}</a>
      </p>
      {lineage && <LineageTable rows={lineage.rows} kinds={division.kinds} measure={lineage.measure} />}
    </div>
  );
}

// More grids than these nobody reads on a page; the files have all.
const mostGrids = 500;

function InForce({ day }: { readonly day: string }) {
  const { say, nameOf, count } = useSpeaker();
  const grids = useQuery(inForceDocument(day)).data;
  if (grids?.length === 0) return <p className="muted">{say("review.inForce.none", { day })}</p>;
  if (!grids) return null;
  return (
    <details className="review-in-force">
      <summary data-in-force={grids.length}>{say("review.inForce", { day, n: grids.length })}</summary>
      <ul className="list">
        {grids.slice(0, mostGrids).map((g) => (
          <li key={g.key}>
            <button
              type="button"
              className="row"
              onClick={() => {
                const box = boxOf(g.bbox);
                if (box) look({ box });
              }}
            >
              <span>{g.code}</span> <span>{nameOf(g)}</span>{" "}
              <span className="muted">{g.loads.households == null ? "" : count(g.loads.households)}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { basebookDocument } from "../../api/basebook";
import { pages } from "../../core/basebook";
import type { BasebookRow } from "../../core/contract";
import { basebook, isSpread, turnPage } from "../../state/basebook";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import "./basebook.css";
import { Changes } from "./Changes";
import { Communities } from "./Communities";
import { CommunityCard } from "./CommunityCard";
import { Sheets } from "./Sheets";
import { TaskCard } from "./TaskCard";
import { ThingCard } from "./ThingCard";
import { Things } from "./Things";

/** The base book: what is there of each community, and the ways to correct it. */
export function Ledger() {
  const { say, language } = useSpeaker();
  const page = useStore(basebook, (b) => b.page);
  const spread = useStore(basebook, isSpread);
  const { data: rows, isError } = useQuery(basebookDocument(language));
  return (
    <div className={`ledger${spread ? " wide" : ""}`}>
      <div className="list-tools">
        <fieldset className="segments heaps" aria-label={say("basebook.pages")}>
          {pages.map((p) => (
            <button key={p} type="button" aria-pressed={page === p} onClick={() => turnPage(p)} data-page={p}>
              {say(`basebook.page.${p}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {!rows &&
        (isError ? (
          <p className="ledger-note form-fault" role="alert">
            {say("basebook.unread")}
          </p>
        ) : (
          <Loading />
        ))}
      {rows?.length === 0 && <p className="list-none">{say("basebook.none.all")}</p>}
      {rows && rows.length > 0 && <Page rows={rows} />}
    </div>
  );
}

function Page({ rows }: { readonly rows: readonly BasebookRow[] }) {
  const page = useStore(basebook, (b) => b.page);
  switch (page) {
    case "communities":
      return <Communities rows={rows} />;
    case "things":
      return <Things rows={rows} />;
    case "changes":
      return <Changes />;
    case "sheets":
      return <Sheets rows={rows} />;
  }
}

/** The card over the map: what is being drawn, else what is chosen. */
export function LedgerCard() {
  const { language } = useSpeaker();
  const { task, thing, community } = useStore(basebook);
  const rows = useQuery(basebookDocument(language)).data ?? [];
  if (task) return <TaskCard key={task.kind} task={task} rows={rows} />;
  if (thing) return <ThingCard thing={thing} />;
  const row = rows.find((r) => r.code === community);
  return row ? <CommunityCard row={row} /> : null;
}

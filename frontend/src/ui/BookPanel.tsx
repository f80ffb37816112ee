import { useStore } from "zustand";
import { pending } from "../core/findings";
import { bookTabs, workspace } from "../state/workspace";
import { Ledger } from "./basebook/Ledger";
import { GroundPanel } from "./GroundPanel";
import { ImportList } from "./imports/ImportList";
import { useSpeaker } from "./language";
import { Tabs } from "./parts/Tabs";
import type { OnGround } from "./useGround";

/** What is there to divide: the table of communities, and the findings of the ground. */
export function BookPanel({ ground }: { readonly ground: OnGround }) {
  const { say, count } = useSpeaker();
  const tab = useStore(workspace, (w) => w.bookTab);
  const decided = pending(ground.findings);
  return (
    <Tabs
      label={say("ground.panel")}
      tabs={bookTabs}
      value={tab}
      onChange={(next) => workspace.setState({ bookTab: next })}
      head={(t) => (
        <>
          {say(`book.${t}`)}
          {t === "findings" && decided > 0 && <span className="badge">{count(decided)}</span>}
        </>
      )}
    >
      {tab === "ledger" && <Ledger />}
      {tab === "imports" && <ImportList />}
      {tab === "findings" && <GroundPanel ground={ground} />}
    </Tabs>
  );
}

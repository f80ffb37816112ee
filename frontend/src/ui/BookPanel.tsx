import { Tabs } from "@base-ui/react/tabs";
import { useStore } from "zustand";
import { pending } from "../core/findings";
import { type BookTab, bookTabs, workspace } from "../state/workspace";
import { Ledger } from "./basebook/Ledger";
import { GroundPanel } from "./GroundPanel";
import { ImportList } from "./imports/ImportList";
import { useSpeaker } from "./language";
import type { OnGround } from "./useGround";

/** What is there to divide: the table of communities, and the findings of the ground. */
export function BookPanel({ ground }: { readonly ground: OnGround }) {
  const { say, count } = useSpeaker();
  const tab = useStore(workspace, (w) => w.bookTab);
  const decided = pending(ground.findings);
  return (
    <Tabs.Root className="tabs" value={tab} onValueChange={(next: BookTab) => workspace.setState({ bookTab: next })}>
      <Tabs.List className="tabs-list" aria-label={say("ground.panel")}>
        {bookTabs.map((t) => (
          <Tabs.Tab key={t} value={t} className="tab" data-book={t}>
            {say(`book.${t}`)}
            {t === "findings" && decided > 0 && <span className="badge">{count(decided)}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="ledger" className="tab-panel">
        <Ledger />
      </Tabs.Panel>
      <Tabs.Panel value="imports" className="tab-panel">
        <ImportList />
      </Tabs.Panel>
      <Tabs.Panel value="findings" className="tab-panel">
        <GroundPanel ground={ground} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

import { Tabs } from "@base-ui/react/tabs";
import { useStore } from "zustand";
import type { Plan, Status } from "../core/contract";
import { type Tab, tabs, workspace } from "../state/workspace";
import { BookPanel } from "./BookPanel";
import { Findings } from "./Findings";
import { GridList } from "./GridList";
import { History } from "./History";
import { useSpeaker } from "./language";
import { Summary } from "./Summary";
import { Loading, NoPlan, Unfinished } from "./states";
import type { OnGround } from "./useGround";
import type { Drawn } from "./usePlan";

interface Props {
  readonly status: Status;
  readonly open: Plan | undefined;
  readonly drawn: Drawn | null;
  readonly onGround: boolean;
  readonly ground: OnGround | null;
}

export function Panel({ status, open, drawn, onGround, ground }: Props) {
  const { say } = useSpeaker();
  if (onGround) {
    return (
      <aside className="panel" id="panel" tabIndex={-1} aria-label={say("ground.panel")}>
        {ground ? <BookPanel ground={ground} /> : <Loading />}
      </aside>
    );
  }
  return (
    <aside className="panel" id="panel" tabIndex={-1} aria-label={say("page.panel")}>
      {!open && <NoPlan status={status} />}
      {open && open.state !== "draft" && <Unfinished plan={open} />}
      {open?.state === "draft" && !drawn && <Loading />}
      {drawn && <Lists drawn={drawn} />}
    </aside>
  );
}

function Lists({ drawn }: { readonly drawn: Drawn }) {
  const { say, count } = useSpeaker();
  const tab = useStore(workspace, (w) => w.tab);
  return (
    <>
      <Summary drawn={drawn} />
      <Tabs.Root className="tabs" value={tab} onValueChange={(next: Tab) => workspace.setState({ tab: next })}>
        <Tabs.List className="tabs-list" aria-label={say("page.panel")}>
          {tabs.map((t) => (
            <Tabs.Tab key={t} value={t} className="tab">
              {say(`tab.${t}`)}
              {t === "findings" && drawn.plan.findings > 0 && (
                <span className="badge">{count(drawn.plan.findings)}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="grids" className="tab-panel">
          <GridList drawn={drawn} />
        </Tabs.Panel>
        <Tabs.Panel value="findings" className="tab-panel">
          <Findings drawn={drawn} />
        </Tabs.Panel>
        <Tabs.Panel value="history" className="tab-panel">
          <History plan={drawn.plan.id} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  );
}

import { useStore } from "zustand";
import type { Plan, Status } from "../core/contract";
import { tabs, workspace } from "../state/workspace";
import { BookPanel } from "./BookPanel";
import { Findings } from "./Findings";
import { GridList } from "./GridList";
import { History } from "./History";
import { useSpeaker } from "./language";
import { Tabs } from "./parts/Tabs";
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
      <Tabs
        label={say("page.panel")}
        tabs={tabs}
        value={tab}
        onChange={(next) => workspace.setState({ tab: next })}
        head={(t) => (
          <>
            {say(`tab.${t}`)}
            {t === "findings" && drawn.plan.findings > 0 && <span className="badge">{count(drawn.plan.findings)}</span>}
          </>
        )}
      >
        {tab === "grids" && <GridList drawn={drawn} />}
        {tab === "findings" && <Findings drawn={drawn} />}
        {tab === "history" && <History plan={drawn.plan.id} />}
      </Tabs>
    </>
  );
}

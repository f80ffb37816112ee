import { useQuery } from "@tanstack/react-query";
import { useStore } from "zustand";
import { findingsDocument } from "../api/documents";
import { commentsDocument } from "../api/plans";
import type { Plan, Status } from "../core/contract";
import { tabs, workspace } from "../state/workspace";
import { BookPanel } from "./BookPanel";
import { Findings } from "./Findings";
import { GridList } from "./GridList";
import { History } from "./History";
import { useSpeaker } from "./language";
import { Tabs } from "./parts/Tabs";
import { Comments } from "./plans/Comments";
import { Compare, useCompared } from "./plans/Compare";
import { ProposalBar } from "./proposals/ProposalBar";
import { Summary } from "./Summary";
import { Loading, NoPlan, Unfinished } from "./states";
import type { OnGround } from "./useGround";
import type { Drawn } from "./usePlan";

interface Props {
  readonly status: Status;
  readonly plans: readonly Plan[];
  readonly open: Plan | undefined;
  readonly drawn: Drawn | null;
  readonly onGround: boolean;
  readonly ground: OnGround | null;
}

export function Panel({ status, plans, open, drawn, onGround, ground }: Props) {
  const { say } = useSpeaker();
  const compared = useCompared();
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
      {drawn && compared && <Compare drawn={drawn} compared={compared} plans={plans} />}
      {drawn && !compared && <Lists drawn={drawn} plans={plans} />}
    </aside>
  );
}

function Lists({ drawn, plans }: { readonly drawn: Drawn; readonly plans: readonly Plan[] }) {
  const { say, count, language } = useSpeaker();
  const comments = useQuery(commentsDocument(drawn.plan.id, language)).data;
  // The list itself knows of what hangs on people, too.
  const listed = useQuery({ ...findingsDocument(drawn.plan.id, language), enabled: false }).data?.findings;
  const found = listed?.length ?? drawn.plan.findings;
  const unsettled = comments?.filter((c) => c.resolved_at === null).length ?? 0;
  const tab = useStore(workspace, (w) => w.tab);
  return (
    <>
      {drawn.plan.archived && <p className="warning archived">{say("plan.archived.words")}</p>}
      <ProposalBar drawn={drawn} plans={plans} />
      <Summary drawn={drawn} />
      <Tabs
        label={say("page.panel")}
        tabs={tabs}
        value={tab}
        onChange={(next) => workspace.setState({ tab: next })}
        head={(t) => (
          <>
            {say(`tab.${t}`)}
            {t === "findings" && found > 0 && <span className="badge">{count(found)}</span>}
            {t === "comments" && unsettled > 0 && <span className="badge">{count(unsettled)}</span>}
          </>
        )}
      >
        {tab === "grids" && <GridList drawn={drawn} />}
        {tab === "findings" && <Findings drawn={drawn} />}
        {tab === "comments" && <Comments drawn={drawn} />}
        {tab === "history" && <History plan={drawn.plan} />}
      </Tabs>
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStore } from "zustand";
import { plansDocument, statusDocument } from "../api/documents";
import { termsDocument } from "../api/plans";
import { tag } from "../core/language/language";
import { connection } from "../state/connection";
import { workspace } from "../state/workspace";
import { BuildDialog } from "./BuildDialog";
import { BuildJobs } from "./BuildJobs";
import { LedgerCard } from "./basebook/Ledger";
import { useLedgerShortcuts } from "./basebook/useLedgerShortcuts";
import { ConflictDialog } from "./ConflictDialog";
import { RecodeDialog } from "./codes/RecodeDialog";
import { Detail } from "./Detail";
import { FindingCard } from "./FindingCard";
import { Header } from "./Header";
import { ImportWizard } from "./imports/ImportWizard";
import { Jobs } from "./Jobs";
import { useSpeaker } from "./language";
import { MapView } from "./MapView";
import { Notices } from "./Notices";
import { Panel } from "./Panel";
import { PlacePanel } from "./places";
import { DeleteDialog } from "./plans/DeleteDialog";
import { PlansDialog } from "./plans/PlansDialog";
import { TermsDialog } from "./plans/TermsDialog";
import { RenameDialog } from "./RenameDialog";
import { SplitDialog } from "./SplitDialog";
import { Empty, Gone, Loading } from "./states";
import { KeysDialog } from "./tools/KeysDialog";
import { usePostman, useWaiting } from "./tools/usePostman";
import { hasGround, useGround, useIsOnGround } from "./useGround";
import { useDrawn, useOpenPlan } from "./usePlan";
import { useAddress, useEvents, useRecovery } from "./usePlanFollowing";
import { useGroundShortcuts, useShortcuts } from "./useShortcuts";

/** The page: the panel with lists on the left, the map on the right, one dialog at most before them. */
export function App() {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const status = useQuery(statusDocument(language));
  const plans = useQuery(plansDocument(language)).data;
  useQuery(termsDocument());
  const lost = useStore(connection, (c) => c.lost);
  const dialog = useStore(workspace, (w) => w.dialog);
  const bookTab = useStore(workspace, (w) => w.bookTab);
  const sheet = useStore(workspace, (w) => w.sheet);
  const open = useOpenPlan();
  const drawn = useDrawn();
  const onGround = useIsOnGround(status.data);
  const ground = useGround(status.data);

  useAddress(plans, speaker);
  useEvents(open, speaker);
  useRecovery();
  usePostman(speaker);
  const waiting = useWaiting();
  useShortcuts(onGround ? null : drawn, speaker);
  useGroundShortcuts(onGround && bookTab === "findings" ? ground : null);
  useLedgerShortcuts(onGround && bookTab === "ledger");
  useEffect(() => {
    document.documentElement.lang = tag(language);
    const shown = onGround
      ? say("sheet.ground")
      : [open?.name, sheet === "plan" ? "" : say(`sheet.${sheet}`)].filter(Boolean).join(" · ");
    document.title = shown ? `${shown} · ${say("page.title")}` : say("page.title");
  }, [language, open, onGround, sheet, say]);

  const deleted = dialog?.kind === "delete" ? plans?.find((p) => p.id === dialog.plan) : undefined;
  const ready = status.data !== undefined && plans !== undefined;
  return (
    <>
      {ready && hasGround(status.data) && (
        <a className="skip" href="#panel">
          {say(onGround ? "ground.skip" : "page.skip")}
        </a>
      )}
      <header>
        <Header
          drawn={drawn}
          open={open}
          plans={plans ?? []}
          ready={ready && status.data.blocks > 0}
          onGround={onGround}
        />
        {status.data?.synthetic && <p className="synthetic">{say("page.synthetic")}</p>}
        {(lost || waiting > 0) && ready && (
          <p className="lost" role="alert">
            {lost && say("gone.short")} {waiting > 0 && say("gone.waiting", { n: waiting })}
          </p>
        )}
      </header>
      {!ready && <main className="state">{lost || status.isError ? <Gone /> : <Loading />}</main>}
      {ready && !hasGround(status.data) && (
        <main className="state">
          <Empty />
        </main>
      )}
      {ready && hasGround(status.data) && (
        <div className="work">
          {onGround || sheet === "plan" || sheet === "ground" ? (
            <Panel status={status.data} plans={plans} open={open} drawn={drawn} onGround={onGround} ground={ground} />
          ) : (
            <PlacePanel place={sheet} open={open} drawn={drawn} />
          )}
          <main className="stage">
            {/* First for the keyboard, so that it is one step from the list; it lies over the map. */}
            {sheet === "plan" && !onGround && drawn && <Detail drawn={drawn} />}
            {onGround && ground && bookTab === "findings" && <FindingCard ground={ground} />}
            {onGround && ground && bookTab === "ledger" && <LedgerCard />}
            <div className="jobs">
              <Jobs plans={plans} />
              {ground && <BuildJobs ground={ground} />}
            </div>
            <MapView status={status.data} drawn={onGround ? null : drawn} ground={ground} onGround={onGround} />
          </main>
        </div>
      )}
      {ready && dialog?.kind === "split" && <SplitDialog status={status.data} drawn={drawn} scope={dialog.scope} />}
      {dialog?.kind === "build" && ground && <BuildDialog ground={ground} />}
      {dialog?.kind === "import" && <ImportWizard id={dialog.id} />}
      {dialog?.kind === "rename" && open && <RenameDialog plan={open} />}
      {dialog?.kind === "plans" && <PlansDialog plans={plans ?? []} />}
      {dialog?.kind === "delete" && deleted && <DeleteDialog plan={deleted} />}
      {dialog?.kind === "terms" && <TermsDialog />}
      {dialog?.kind === "recode" && open && <RecodeDialog plan={open} />}
      {dialog?.kind === "keys" && <KeysDialog />}
      {dialog?.kind === "conflict" && drawn && <ConflictDialog conflict={dialog.conflict} drawn={drawn} />}
      <Notices />
    </>
  );
}

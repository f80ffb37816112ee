import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStore } from "zustand";
import { plansDocument, statusDocument } from "../api/documents";
import { tag } from "../core/language/language";
import { connection } from "../state/connection";
import { workspace } from "../state/workspace";
import { ConflictDialog } from "./ConflictDialog";
import { Detail } from "./Detail";
import { Header } from "./Header";
import { Jobs } from "./Jobs";
import { useSpeaker } from "./language";
import { MapView } from "./MapView";
import { Notices } from "./Notices";
import { Panel } from "./Panel";
import { RenameDialog } from "./RenameDialog";
import { SplitDialog } from "./SplitDialog";
import { Empty, Gone, Loading } from "./states";
import { useDrawn, useOpenPlan } from "./usePlan";
import { useAddress, useEvents, useRecovery } from "./usePlanFollowing";
import { useShortcuts } from "./useShortcuts";

/** The page: the panel with lists on the left, the map on the right, one dialog at most before them. */
export function App() {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const status = useQuery(statusDocument(language));
  const plans = useQuery(plansDocument(language)).data;
  const lost = useStore(connection, (c) => c.lost);
  const dialog = useStore(workspace, (w) => w.dialog);
  const open = useOpenPlan();
  const drawn = useDrawn();

  useAddress(plans);
  useEvents(open, speaker);
  useRecovery();
  useShortcuts(drawn, speaker);
  useEffect(() => {
    document.documentElement.lang = tag(language);
    document.title = open ? `${open.name} · ${say("page.title")}` : say("page.title");
  }, [language, open, say]);

  const ready = status.data !== undefined && plans !== undefined;
  return (
    <>
      <a className="skip" href="#panel">
        {say("page.skip")}
      </a>
      <header>
        <Header drawn={drawn} open={open} plans={plans ?? []} ready={ready && status.data.blocks > 0} />
        {status.data?.synthetic && <p className="synthetic">{say("page.synthetic")}</p>}
        {lost && ready && (
          <p className="lost" role="alert">
            {say("gone.short")}
          </p>
        )}
      </header>
      {!ready && <main className="state">{lost || status.isError ? <Gone /> : <Loading />}</main>}
      {ready && status.data.blocks === 0 && (
        <main className="state">
          <Empty />
        </main>
      )}
      {ready && status.data.blocks > 0 && (
        <div className="work">
          <Panel status={status.data} open={open} drawn={drawn} />
          <main className="stage">
            {/* First for the keyboard, so that it is one step from the list; it lies over the map. */}
            {drawn && <Detail drawn={drawn} />}
            <Jobs plans={plans} />
            <MapView status={status.data} drawn={drawn} />
          </main>
        </div>
      )}
      {ready && dialog?.kind === "split" && <SplitDialog status={status.data} drawn={drawn} scope={dialog.scope} />}
      {dialog?.kind === "rename" && open && <RenameDialog plan={open} />}
      {dialog?.kind === "conflict" && drawn && <ConflictDialog conflict={dialog.conflict} drawn={drawn} />}
      <Notices />
    </>
  );
}

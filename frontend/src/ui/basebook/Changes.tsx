import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changesDocument } from "../../api/basebook";
import { thingLayers } from "../../core/basebook";
import type { Change } from "../../core/contract";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import { goToThing, takeBack } from "./actions";
import { day } from "./words";

/** All changes made by hand, newest first, each with its way back. */
export function Changes() {
  const { say, language } = useSpeaker();
  const { data: changes, isError } = useQuery(changesDocument(null, language));
  if (!changes) return isError ? <p className="ledger-note form-fault">{say("basebook.unread")}</p> : <Loading />;
  return (
    <div className="ledger-scroll">
      {changes.length === 0 && <p className="list-none">{say("basebook.changes.none")}</p>}
      <ul className="ledger-list" data-changes>
        {changes.map((change) => (
          <ChangeItem key={change.id} change={change} reach />
        ))}
      </ul>
    </div>
  );
}

interface ItemProps {
  readonly change: Change;
  /** Whether the thing that was changed can be gone to from here. */
  readonly reach?: boolean;
}

export function ChangeItem({ change, reach = false }: ItemProps) {
  const speaker = useSpeaker();
  const { say, moment } = speaker;
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    await takeBack(change, speaker);
    setBusy(false);
  };
  const layer = thingLayers.find((l) => l === change.layer);
  const place = change.after?.feature?.at ?? change.before?.feature?.at;
  return (
    <li data-change={change.id}>
      <span className={change.undone_by === null ? "" : "undone"}>{change.words}</span>
      <span className="ledger-actions">
        {reach && layer && (
          <button type="button" className="quiet small" onClick={() => goToThing({ layer, code: change.code }, place)}>
            {say("basebook.show")}
          </button>
        )}
        {change.can_undo && (
          <button type="button" className="small" disabled={busy} onClick={() => void undo()} data-undo>
            {say(change.kind === "undo" ? "redo" : "undo")}
          </button>
        )}
        {change.undone_by !== null && <span className="chip">{say("undo.done")}</span>}
      </span>
      <small className="ledger-more">
        {[change.source, day(speaker, change.dated), change.by, say("basebook.made", { at: moment(change.made_at) })]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </li>
  );
}

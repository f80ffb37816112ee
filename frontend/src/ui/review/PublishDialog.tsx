import { type FormEvent, useState } from "react";
import { Refused } from "../../api/client";
import { publish } from "../../api/divisions";
import type { Outlook } from "../../core/contract";
import { dayAfter } from "../../core/lineage";
import { tell } from "../../state/notices";
import { openDialog } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import type { Drawn } from "../usePlan";
import { KindWords } from "./LineageTable";

/** Publishes the plan: from which day on, what will change, and that it is for good. */
export function PublishDialog({ drawn, outlook }: { readonly drawn: Drawn; readonly outlook: Outlook }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const earliest = outlook.after ? dayAfter(outlook.after) : undefined;
  const [effective, setEffective] = useState(earliest && earliest > outlook.today ? earliest : outlook.today);
  const [by, setBy] = useState("");
  const [basis, setBasis] = useState("");
  const [sent, setSent] = useState(false);
  const [fault, setFault] = useState("");
  const waived = outlook.findings.filter((f) => f.waiver !== null).length;

  const save = async (e: FormEvent) => {
    e.preventDefault();
    setSent(true);
    setFault("");
    try {
      const wish = { effective, base_revision: outlook.revision, by: by.trim(), basis: basis.trim() };
      const made = await publish(drawn.plan.id, wish);
      tell("done", say("review.done", { division: String(made.id), day: made.effective }));
      openDialog(null);
    } catch (reason) {
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
    setSent(false);
  };
  return (
    <Modal title={say("review.publish.title", { plan: drawn.plan.name })}>
      <form className="form" onSubmit={save}>
        <p>{say("review.grids", { old: outlook.old_grids, n: outlook.new_grids })}</p>
        <KindWords kinds={outlook.kinds} />
        {outlook.warnings > 0 && <p className="warning">{say("review.warnings", { n: outlook.warnings, waived })}</p>}
        <label className="field">
          <span>{say("review.effective")}</span>
          <input type="date" value={effective} min={earliest} onChange={(e) => setEffective(e.target.value)} required />
        </label>
        {outlook.after && <p className="muted hint">{say("review.after", { day: outlook.after })}</p>}
        <label className="field">
          <span>{say("review.by")}</span>
          <input value={by} onChange={(e) => setBy(e.target.value)} maxLength={200} />
        </label>
        <label className="field">
          <span>{say("review.basis")}</span>
          <input value={basis} onChange={(e) => setBasis(e.target.value)} maxLength={200} />
        </label>
        <p>{say("review.forGood")}</p>
        {fault && (
          <p className="form-fault" role="alert">
            {fault}
          </p>
        )}
        <div className="form-end">
          <button type="button" onClick={() => openDialog(null)}>
            {say("page.cancel")}
          </button>
          <button type="submit" className="primary" disabled={sent || !effective} data-confirm>
            {say("review.confirm")}
          </button>
        </div>
      </form>
    </Modal>
  );
}

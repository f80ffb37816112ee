import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { archivePlan, deletePlan, dependentsDocument } from "../../api/plans";
import type { Plan } from "../../core/contract";
import { tell } from "../../state/notices";
import { openDialog } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import { Loading } from "../states";

/** Says what hangs on a plan before it is deleted for good. */
export function DeleteDialog({ plan }: { readonly plan: Plan }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const hanging = useQuery(dependentsDocument(plan.id, language)).data;
  const [sending, setSending] = useState(false);
  const act = async (does: () => Promise<void>, words: string) => {
    setSending(true);
    try {
      await does();
      tell("done", words);
      openDialog(null);
    } catch (fault) {
      setSending(false);
      tellFault(fault, speaker);
    }
  };
  return (
    <Modal title={say("plan.delete.title", { name: plan.name })}>
      <div className="form">
        {hanging ? <p className="warning">{hanging.words}</p> : <Loading />}
        <div className="form-end">
          <button type="button" onClick={() => openDialog(null)}>
            {say("page.cancel")}
          </button>
          {!plan.archived && (
            <button
              type="button"
              disabled={sending}
              onClick={() =>
                void act(() => archivePlan(plan.id, true, language), say("plan.archived", { name: plan.name }))
              }
            >
              {say("plan.archive")}
            </button>
          )}
          <button
            type="button"
            className="primary danger"
            disabled={sending || !hanging?.deletable}
            onClick={() => void act(() => deletePlan(plan.id), say("plan.deleted", { name: plan.name }))}
            data-delete
          >
            {say("plan.delete.do")}
          </button>
        </div>
      </div>
    </Modal>
  );
}

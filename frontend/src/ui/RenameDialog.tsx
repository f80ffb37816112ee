import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refused } from "../api/client";
import { documents, planDocument } from "../api/documents";
import { renamePlan } from "../api/splits";
import type { Plan } from "../core/contract";
import { tell } from "../state/notices";
import { openDialog } from "../state/workspace";
import { tellFault } from "./actions";
import { useSpeaker } from "./language";
import { Modal } from "./Modal";

export function RenameDialog({ plan }: { readonly plan: Plan }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const known = useQuery(planDocument(plan.id, language)).data;
  const [name, setName] = useState(plan.name);
  const [fault, setFault] = useState("");

  const save = async (e: FormEvent) => {
    e.preventDefault();
    try {
      await renamePlan(plan.id, name.trim(), known?.nameTag ?? "");
      tell("done", say("plan.renamed", { name: name.trim() }));
      openDialog(null);
    } catch (reason) {
      if (!(reason instanceof Refused)) return tellFault(reason, speaker);
      if (reason.status === 412) {
        const fresh = await documents.fetchQuery({ ...planDocument(plan.id, language), staleTime: 0 });
        setFault(say("plan.nameChanged", { name: fresh.plan.name }));
      } else setFault(reason.message);
    }
  };
  return (
    <Modal title={say("plan.rename.title")}>
      <form className="form" onSubmit={save}>
        <label className="field">
          <span>{say("plan.rename.label")}</span>
          <input value={name} onChange={(e) => setName(e.target.value)} maxLength={200} required />
        </label>
        {fault && (
          <p className="form-fault" role="alert">
            {fault}
          </p>
        )}
        <div className="form-end">
          <button type="button" onClick={() => openDialog(null)}>
            {say("page.cancel")}
          </button>
          <button type="submit" className="primary" disabled={!name.trim() || !known}>
            {say("plan.rename.save")}
          </button>
        </div>
      </form>
    </Modal>
  );
}

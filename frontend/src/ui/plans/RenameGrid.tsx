import { type FormEvent, useState } from "react";
import { sendNow } from "../../api/edits";
import type { GridNo } from "../../core/contract";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

interface Props {
  readonly drawn: Drawn;
  readonly no: GridNo;
  readonly onDone?: () => void;
}

/** Gives a grid another name. */
export function RenameGrid({ drawn, no, onDone }: Props) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const grid = drawn.byNo.get(no);
  const [name, setName] = useState((language === "en" ? grid?.name_en : grid?.name) ?? "");
  if (!grid) return null;
  const save = async (e: FormEvent) => {
    e.preventDefault();
    const names =
      language === "en" ? { name: grid.name, name_en: name.trim() } : { name: name.trim(), name_en: grid.name_en };
    try {
      await sendNow(drawn.plan.id, { kind: "name", grid: grid.code, ...names });
      tell("done", say("plan.renamed", { name: name.trim() }));
      onDone?.();
    } catch (fault) {
      tellFault(fault, speaker);
    }
  };
  return (
    <form className="rename-grid" onSubmit={save}>
      <input value={name} maxLength={100} aria-label={say("grid.name")} onChange={(e) => setName(e.target.value)} />
      <button type="submit" className="small" disabled={name.trim() === ""}>
        {say("plan.rename")}
      </button>
    </form>
  );
}

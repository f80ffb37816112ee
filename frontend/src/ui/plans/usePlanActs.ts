import { archivePlan, copyPlan } from "../../api/plans";
import type { Plan } from "../../core/contract";
import { tell } from "../../state/notices";
import { openDialog, openPlan, turnTo } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";

interface Act {
  readonly key: "copy" | "archive" | "unarchive" | "delete";
  readonly does: () => void;
}

/** Returns what can be done with a plan as it is. */
export function usePlanActs(plan: Plan): readonly Act[] {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const running = plan.state === "queued" || plan.state === "solving";
  const act = (key: Act["key"], does: () => Promise<void>): Act => ({
    key,
    does: () => void does().catch((fault) => tellFault(fault, speaker)),
  });
  const copy = act("copy", async () => {
    const made = await copyPlan(plan.id);
    tell("done", say("plan.copied", { name: made.name }));
    openPlan(made.id);
    turnTo("plan");
    openDialog(null);
  });
  const away = act(plan.archived ? "unarchive" : "archive", async () => {
    await archivePlan(plan.id, !plan.archived, language);
    tell("done", say(plan.archived ? "plan.unarchived" : "plan.archived", { name: plan.name }));
  });
  const gone = act("delete", async () => openDialog({ kind: "delete", plan: plan.id }));
  return [...(plan.state === "draft" ? [copy] : []), ...(running ? [] : [away, gone])];
}

import { useState } from "react";
import { documents } from "../../api/documents";
import { adopt, comparisonDocument, deletePlan } from "../../api/plans";
import type { Plan } from "../../core/contract";
import { tell } from "../../state/notices";
import { compareWith, openDialog, openPlan } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

interface Props {
  readonly drawn: Drawn;
  readonly plans: readonly Plan[];
}

/** A new split on top of another plan is taken into it with one act, or dropped. Other plans of the same split lie one act away. */
export function ProposalBar({ drawn, plans }: Props) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [busy, setBusy] = useState(false);
  const { plan } = drawn;
  const { keep, copy } = plan.recipe;
  const under = copy ? undefined : plans.find((p) => p.id === keep && p.state === "draft" && !p.archived);
  const first = plan.alternative_of ?? plan.id;
  const alike = plans.filter((p) => p.id !== plan.id && p.state === "draft" && (p.alternative_of ?? p.id) === first);
  if (!under && alike.length === 0) return null;

  const act = async (does: () => Promise<void>) => {
    setBusy(true);
    try {
      await does();
    } catch (fault) {
      tellFault(fault, speaker);
    }
    setBusy(false);
  };
  const accept = (into: Plan) =>
    act(async () => {
      const { a, parents } = await documents.fetchQuery({
        ...comparisonDocument(into.id, plan.id, language),
        staleTime: 0,
      });
      const grids = parents.flatMap((p) => p.grids);
      if (grids.length > 0) await adopt(into.id, a.revision, plan.id, grids);
      openPlan(into.id);
      await deletePlan(plan.id).catch(() => undefined); // where something hangs on it, it stays
      tell("done", say("proposal.accepted", { plan: into.name }));
    });
  return (
    <section className="proposal" aria-label={say("split.title")}>
      {under && <p>{say("proposal.words", { plan: under.name })}</p>}
      {alike.length > 0 && <p>{say("alternatives.title", { n: alike.length + 1 })}</p>}
      <div className="tool-acts">
        {under && (
          <button
            type="button"
            className="primary small"
            disabled={busy}
            onClick={() => void accept(under)}
            data-accept
          >
            {say("proposal.accept", {
              plan: under.name.length > 12 ? `${[...under.name].slice(0, 11).join("")}…` : under.name,
            })}
          </button>
        )}
        {(alike[0] ?? under) && (
          <button
            type="button"
            className="small"
            onClick={() => compareWith({ other: (alike[0] ?? under)?.id ?? null, view: "change" })}
            data-beside
          >
            {say("alternatives.compare")}
          </button>
        )}
        {under && (
          <button
            type="button"
            className="quiet small"
            disabled={busy}
            onClick={() => openDialog({ kind: "delete", plan: plan.id })}
          >
            {say("proposal.reject")}
          </button>
        )}
      </div>
    </section>
  );
}

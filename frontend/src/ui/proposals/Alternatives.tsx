import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { blocksDocument, gridsDocument, planDocument } from "../../api/documents";
import type { Plan } from "../../core/contract";
import { gridColour } from "../../core/palette";
import { openPlan } from "../../state/workspace";
import { useSpeaker } from "../language";
import { MiniMap } from "../plans/MiniMap";

interface Props {
  /** The plan on show. */
  readonly open: string;
  readonly beside: string | null;
  /** All plans of one split. */
  readonly plans: readonly Plan[];
  readonly onCompare: (plan: string) => void;
}

/** The plans of one split side by side, each a small map and its worst deviation: one is opened, another laid beside it. */
export function Alternatives({ open, beside, plans, onCompare }: Props) {
  const { say, language, percent } = useSpeaker();
  const details = useQueries({ queries: plans.map((p) => planDocument(p.id, language)) });
  return (
    <section className="alternatives" aria-label={say("alternatives.title", { n: plans.length })}>
      <h3>{say("alternatives.title", { n: plans.length })}</h3>
      <ul>
        {plans.map((plan, i) => {
          const detail = details[i]?.data?.plan;
          const split = detail?.per_parent.find((p) => p.code === plan.recipe.scope);
          const worst = split?.max_deviation ?? detail?.max_deviation;
          return (
            <li key={plan.id} data-alternative={plan.id} aria-current={plan.id === open || undefined}>
              <Stamp plan={plan} />
              <strong>{plan.name}</strong>
              {worst !== undefined && (
                <span className="muted">
                  {say("compare.worst")} {percent(worst)}
                </span>
              )}
              {plan.id === open ? (
                <span className="chip good">{say("alternatives.this")}</span>
              ) : (
                <span className="tool-acts">
                  <button
                    type="button"
                    className="small"
                    aria-pressed={plan.id === beside}
                    aria-label={`${say("alternatives.compare")}: ${plan.name}`}
                    onClick={() => onCompare(plan.id)}
                  >
                    {say("alternatives.beside")}
                  </button>
                  <button
                    type="button"
                    className="quiet small"
                    aria-label={`${say("alternatives.open")}: ${plan.name}`}
                    onClick={() => openPlan(plan.id)}
                  >
                    {say("alternatives.open")}
                  </button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Stamp({ plan }: { readonly plan: Plan }) {
  const { language } = useSpeaker();
  const blocks = useQuery(blocksDocument(plan.id)).data;
  const grids = useQuery(gridsDocument(plan.id, language)).data?.grids;
  const colours = useMemo(() => {
    const of = new Map(grids?.map((g) => [g.no, gridColour(g.colour)]));
    return new Map(blocks?.id.map((id, i) => [id, of.get(blocks.grid[i] as number) ?? "#e9e6dd"]));
  }, [blocks, grids]);
  return blocks ? <MiniMap blocks={blocks} colours={colours} label={plan.name} scope={plan.recipe.scope} /> : null;
}

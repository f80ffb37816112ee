import { isOut } from "../core/listing";
import { DeviationStrip } from "./DeviationStrip";
import { useSpeaker } from "./language";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** The plan in a few numbers: how many grids, how even, and whether anything needs a planner's eye. */
export function Summary({ drawn }: { readonly drawn: Drawn }) {
  const { say, count, percent } = useSpeaker();
  const label = useMeasures();
  const { plan, grids, balanced, tolerance } = drawn;
  const out = grids.filter((g) => isOut(g.verdict)).length;
  return (
    <section className="summary">
      <p className="summary-head">
        <strong className="summary-count">{say("summary.grids", { grids: plan.grids })}</strong>
        <span className="muted">{say("summary.parents", { parents: plan.parents })}</span>
        <span className={out > 0 ? "chip warn" : "chip good"}>
          {out > 0 ? say("summary.out", { n: out }) : say("summary.within", { n: grids.length })}
        </span>
      </p>
      <table className="table measures">
        <tbody>
          {balanced.map((m) => {
            const sum = plan.measures[m];
            if (!sum) return null;
            return (
              <tr key={m}>
                <th scope="row">{label(m)}</th>
                <td className="number">{count(sum.total)}</td>
                <td>{say("summary.average", { n: count(sum.ideal) })}</td>
                <td
                  title={sum.lower_bound > 0 ? say("summary.bound", { percent: percent(sum.lower_bound) }) : undefined}
                >
                  {say("summary.worst", { percent: percent(sum.max_deviation) })}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <DeviationStrip drawn={drawn} />
      <p className="summary-foot muted">
        <span>{say("summary.tolerance", { percent: percent(tolerance) })}</span>
        <span>{say(plan.contiguous === false ? "summary.notContiguous" : "summary.contiguous")}</span>
      </p>
    </section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { divisionsDocument } from "../../api/divisions";
import { blocksDocument, gridsDocument } from "../../api/documents";
import { adopt, comparisonDocument } from "../../api/plans";
import { boxOf, union } from "../../core/box";
import { differenceColours, otherColours } from "../../core/comparison";
import type { Comparison, Plan, Scorecard } from "../../core/contract";
import { gridColour } from "../../core/palette";
import { nothing } from "../../core/picking";
import { tell } from "../../state/notices";
import {
  type Compared,
  choose,
  comparedViews,
  compareWith,
  look,
  openPlan,
  paintOver,
  workspace,
} from "../../state/workspace";
import { tellFault } from "../actions";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import { Alternatives } from "../proposals/Alternatives";
import { Loading } from "../states";
import { useMeasures } from "../useMeasures";
import type { Drawn } from "../usePlan";
import { Differences } from "./Differences";
import { MiniMap } from "./MiniMap";

interface Props {
  readonly drawn: Drawn;
  readonly compared: Compared;
  readonly plans: readonly Plan[];
}

/** Another plan beside the open one: both as scorecards and small maps, and what lies where else; what is better there is taken over. */
export function Compare({ drawn, compared, plans }: Props) {
  const { say, language } = useSpeaker();
  const { other } = compared;
  useEffect(() => choose(nothing), []);
  const others = plans.filter((p) => p.id !== drawn.plan.id && p.state === "draft" && (!p.archived || p.id === other));
  const divisions = useQuery(divisionsDocument()).data?.divisions ?? [];
  const first = drawn.plan.alternative_of ?? drawn.plan.id;
  const alike = plans.filter((p) => p.state === "draft" && (p.alternative_of ?? p.id) === first).reverse();
  const comparison = useQuery({
    ...comparisonDocument(drawn.plan.id, other ?? "", language),
    enabled: other !== null,
  });
  return (
    <section className="compare" aria-label={say("compare.title")}>
      <div className="compare-head">
        <h2>{say("compare.title")}</h2>
        <button
          type="button"
          className="quiet square"
          aria-label={say("page.close")}
          onClick={() => compareWith(null)}
          data-close
        >
          <CloseIcon />
        </button>
        <label className="field">
          <span>{say("compare.with")}</span>
          <select value={other ?? ""} onChange={(e) => compareWith({ ...compared, other: e.target.value || null })}>
            <option value="">{say("compare.choose")}</option>
            {others.map((p) => (
              <option key={p.id} value={p.id}>
                {p.name}
              </option>
            ))}
            {divisions.length > 0 && (
              <optgroup label={say("compare.published")}>
                {divisions.map((d) => (
                  <option key={d.id} value={`${d.plan}@${d.revision}`}>
                    {d.name} · {d.effective}
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </label>
      </div>
      {alike.length > 1 && (
        <Alternatives
          open={drawn.plan.id}
          beside={other}
          plans={alike}
          onCompare={(plan) => compareWith({ ...compared, other: plan })}
        />
      )}
      {comparison.error && (
        <p className="form-fault" role="alert">
          {comparison.error.message}
        </p>
      )}
      {other !== null && !comparison.data && !comparison.error && <Loading />}
      {other !== null && comparison.data && (
        <Beside drawn={drawn} compared={compared} other={other} comparison={comparison.data} />
      )}
    </section>
  );
}

interface ComparedProps {
  readonly drawn: Drawn;
  readonly compared: Compared;
  readonly other: string;
  readonly comparison: Comparison;
}

function Beside({ drawn, compared, other, comparison }: ComparedProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  // Of one that was published the blocks are known as they are now: they are drawn if nothing has changed since.
  const id = other.replace(/@.*/, "");
  const known = useQuery(blocksDocument(id)).data;
  const blocks = known?.revision === comparison.b.revision ? known : undefined;
  const grids = useQuery(gridsDocument(id, language)).data?.grids;
  const mine = useMemo(() => {
    const colours = new Map(drawn.grids.map((g) => [g.no, gridColour(g.colour)]));
    const { id } = drawn.ground.blocks;
    return new Map(id.map((b, i) => [b, colours.get(drawn.wished[i] ?? 0) ?? "#e9e6dd"]));
  }, [drawn.grids, drawn.ground, drawn.wished]);
  const theirs = useMemo(
    () => (blocks && grids ? otherColours(comparison, drawn.grids, grids, blocks) : null),
    [comparison, drawn.grids, grids, blocks],
  );
  const change = useMemo(() => differenceColours(comparison, drawn.ground.blocks), [comparison, drawn.ground]);

  const { view } = compared;
  useEffect(() => {
    paintOver(view === "mine" ? null : view === "change" ? change : theirs);
  }, [view, change, theirs]);
  useEffect(() => () => paintOver(null), []);

  // Where they differ, so that no difference lies outside the map.
  useEffect(() => {
    const box = union(comparison.parents.filter((p) => p.blocks > 0).map((p) => boxOf(p.bbox)));
    if (box) look({ box });
  }, [comparison]);

  const take = async (codes: readonly string[]) => {
    try {
      await adopt(drawn.plan.id, drawn.revision, other, codes);
      tell("done", say("compare.adopted", { n: codes.length }));
      return true;
    } catch (fault) {
      tellFault(fault, speaker);
      return false;
    }
  };
  return (
    <div className="panel-scroll compare-body" data-differs={comparison.blocks}>
      <p role="status">
        <strong>{comparison.words}</strong>
      </p>
      {comparison.only_a + comparison.only_b > 0 && (
        <p className="warning">{say("compare.only", { a: comparison.only_a, b: comparison.only_b })}</p>
      )}
      <fieldset className="segments" aria-label={say("compare.show")}>
        {comparedViews.map((v) => (
          <button key={v} type="button" aria-pressed={view === v} onClick={() => compareWith({ ...compared, view: v })}>
            {say(`compare.show.${v}`)}
          </button>
        ))}
      </fieldset>
      {view === "change" && (
        <p className="muted hint">
          <span className="swatch differing" /> {say("compare.legend")}
        </p>
      )}
      <div className="compare-maps">
        <MiniMap blocks={drawn.ground.blocks} colours={mine} label={drawn.plan.name} />
        {blocks && theirs && <MiniMap blocks={blocks} colours={theirs} label={comparison.b.name} />}
      </div>
      <Scorecards a={comparison.a} b={comparison.b} />
      <button type="button" className="small" onClick={() => openPlan(id)}>
        {say("compare.swap")}
      </button>
      <Differences
        key={`${comparison.a.revision} ${comparison.b.revision}`}
        comparison={comparison}
        measures={drawn.balanced}
        readOnly={drawn.plan.archived}
        onTake={take}
        onLook={(box) => {
          const at = boxOf(box);
          if (at) look({ box: at });
        }}
      />
    </div>
  );
}

/** Two plans in numbers, line by line; the better one of each is said to be by more than its colour. */
function Scorecards({ a, b }: { readonly a: Scorecard; readonly b: Scorecard }) {
  const { say, count, percent } = useSpeaker();
  const label = useMeasures();
  const first = Object.keys(a.measures)[0] ?? "";
  const km = (s: Scorecard) => say("compare.km", { n: count(s.cut_metres / 1000) });
  const yes = (s: Scorecard) => say(s.contiguous ? "compare.yes" : "compare.no");
  // Less is better in all of these.
  const rows: [string, (s: Scorecard) => string, ((s: Scorecard) => number)?][] = [
    [say("compare.grids"), (s) => count(s.grids)],
    [say("compare.out"), (s) => count(s.out), (s) => s.out],
    ...Object.keys(a.measures).map((m): [string, (s: Scorecard) => string, (s: Scorecard) => number] => [
      `${say("compare.worst")} · ${label(m)}`,
      (s) => percent(s.measures[m]?.max_deviation ?? 0),
      (s) => s.measures[m]?.max_deviation ?? 0,
    ]),
    [say("compare.pieces"), yes, (s) => (s.contiguous ? 0 : 1)],
    [say("compare.border"), km, (s) => s.cut_metres],
    [say("compare.compounds"), (s) => count(s.cut_compounds), (s) => s.cut_compounds],
    [say("compare.findings"), (s) => `${count(s.errors)} / ${count(s.warnings)}`, (s) => s.errors * 1e6 + s.warnings],
    [
      say("compare.gini"),
      (s) => count(Math.round((s.measures[first]?.gini ?? 0) * 1000) / 10),
      (s) => s.measures[first]?.gini ?? 0,
    ],
  ];
  return (
    <table className="table scorecards">
      <thead>
        <tr>
          <td />
          <th scope="col" title={a.name}>
            {say("compare.mine")}
          </th>
          <th scope="col" title={b.name}>
            {say("compare.theirs")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, text, weigh]) => {
          const [x, y] = weigh ? [weigh(a), weigh(b)] : [0, 0];
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">
                {text(a)} {x < y && <Better />}
              </td>
              <td className="number">
                {text(b)} {y < x && <Better />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const Better = () => <span className="better">✓</span>;

/** Returns the plan that lies beside the open one, null while none does. */
export const useCompared = () => useStore(workspace, (w) => w.compared);

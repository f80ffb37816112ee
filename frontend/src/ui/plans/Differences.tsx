import { useState } from "react";
import type { ComparedMove, ComparedParent, Comparison } from "../../core/contract";
import { useSpeaker } from "../language";
import { useMeasures } from "../useMeasures";

interface Props {
  readonly comparison: Comparison;
  /** The first is what moves are told in. */
  readonly measures: readonly string[];
  readonly readOnly: boolean;
  /** Takes grids of the other plan over; returns whether that was done. */
  readonly onTake: (codes: readonly string[]) => Promise<boolean>;
  readonly onLook: (box: readonly number[] | null) => void;
}

/** Large grid by large grid, what lies from where to where; what is ticked is taken over. */
export function Differences({ comparison, measures, readOnly, onTake, onLook }: Props) {
  const { say } = useSpeaker();
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [sending, setSending] = useState(false);
  const parents = comparison.parents.filter((p) => p.blocks > 0).sort((a, b) => b.blocks - a.blocks);
  const all = parents.flatMap((p) => p.grids);
  const tick = (codes: readonly string[], on: boolean) =>
    setTaken((now) => new Set(on ? [...now, ...codes] : [...now].filter((c) => !codes.includes(c))));
  const take = async () => {
    setSending(true);
    if (await onTake([...taken])) setTaken(new Set());
    setSending(false);
  };
  if (parents.length === 0) return null;
  return (
    <section className="differences">
      <h3>{say("compare.parents", { n: parents.length })}</h3>
      {!readOnly && (
        <>
          <p className="muted hint">{say("compare.adopt.hint")}</p>
          <div className="adopt-bar">
            <label>
              <input
                type="checkbox"
                checked={taken.size === all.length}
                onChange={(e) => tick(all, e.target.checked)}
                data-take-all
              />
              {say("compare.all")}
            </label>
            <button
              type="button"
              className="primary small"
              disabled={taken.size === 0 || sending}
              onClick={() => void take()}
              data-adopt
            >
              {say("compare.adopt", { n: taken.size })}
            </button>
          </div>
        </>
      )}
      {parents.map((p) => (
        <Parent
          key={p.code}
          parent={p}
          moves={comparison.moves.filter((m) => m.parent === p.code)}
          measure={measures[0] ?? ""}
          taken={readOnly ? null : taken}
          onTick={tick}
          onLook={onLook}
        />
      ))}
      <p className="muted">{say("compare.alike", { n: comparison.parents.length - parents.length })}</p>
    </section>
  );
}

interface ParentProps {
  readonly parent: ComparedParent;
  readonly moves: readonly ComparedMove[];
  readonly measure: string;
  readonly taken: ReadonlySet<string> | null;
  readonly onTick: (codes: readonly string[], on: boolean) => void;
  readonly onLook: (box: readonly number[] | null) => void;
}

function Parent({ parent, moves, measure, taken, onTick, onLook }: ParentProps) {
  const { say, count, percent, nameOf } = useSpeaker();
  const label = useMeasures();
  const name = nameOf(parent);
  const ticked = parent.grids.filter((g) => taken?.has(g)).length;
  const called = (grid: ComparedMove["from"]) => (grid ? nameOf(grid) : say("compare.free"));
  return (
    <div className="difference" data-parent={parent.code}>
      {taken && (
        <input
          type="checkbox"
          aria-label={say("compare.take", { name })}
          checked={ticked === parent.grids.length}
          ref={(box) => {
            if (box) box.indeterminate = ticked > 0 && ticked < parent.grids.length;
          }}
          onChange={(e) => onTick(parent.grids, e.target.checked)}
        />
      )}
      <details>
        <summary>
          <span className="difference-name" title={parent.path}>
            {name}
          </span>
          <span className="muted">
            {percent(parent.a_max_deviation)} → {percent(parent.b_max_deviation)}
          </span>
          <span className="number">
            {count(parent.loads[measure] ?? 0)} {label(measure)}
          </span>
        </summary>
        <button type="button" className="quiet small" onClick={() => onLook(parent.bbox)}>
          {say("history.go")}
        </button>
        {taken && (
          <p className="difference-grids">
            {parent.grids.map((code) => (
              <label key={code}>
                <input type="checkbox" checked={taken.has(code)} onChange={(e) => onTick([code], e.target.checked)} />
                {code}
              </label>
            ))}
          </p>
        )}
        <table className="table">
          <caption className="hidden">{say("compare.moves")}</caption>
          <thead>
            <tr>
              <th scope="col">{say("compare.from")}</th>
              <th scope="col">{say("compare.to")}</th>
              <th scope="col" className="number">
                {label(measure)}
              </th>
              <th scope="col" className="number">
                {say("compare.blocks")}
              </th>
            </tr>
          </thead>
          <tbody>
            {moves.map((m) => (
              <tr key={`${m.from?.no} ${m.to?.no}`}>
                <td title={m.from?.code}>{called(m.from)}</td>
                <td title={m.to?.code}>{called(m.to)}</td>
                <td className="number">{count(m.loads[measure] ?? 0)}</td>
                <td className="number" title={m.codes.slice(0, 30).join(" ")}>
                  {count(m.blocks.length)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

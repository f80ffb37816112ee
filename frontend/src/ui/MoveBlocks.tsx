import { useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { edgeBlocks, loadsOf, targetsOf } from "../core/assignment";
import type { BlockIndex, Grid } from "../core/contract";
import { type Preview, previewMove, type Side } from "../core/move";
import { gridColour } from "../core/palette";
import { toggled } from "../core/picking";
import { choose, hover, point, workspace } from "../state/workspace";
import { moveChosen } from "./actions";
import { useSpeaker } from "./language";
import { assignBlocks } from "./tools/acts";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

interface Props {
  readonly drawn: Drawn;
  readonly grid: Grid;
}

/** Gives blocks of the chosen grid to a neighbour: pick blocks, pick the neighbour, see what changes, move. */
export function MoveBlocks({ drawn, grid }: Props) {
  const { say } = useSpeaker();
  const choice = useStore(workspace, (w) => w.choice);
  const edge = useMemo(() => edgeBlocks(drawn.ground, drawn.wished, grid.no), [drawn.ground, drawn.wished, grid.no]);
  const section = useRef<HTMLElement>(null);
  const inHand = choice.blocks.length;
  useEffect(() => {
    // What had the focus has gone with the move; the keyboard goes on from here.
    if (inHand === 0 && document.activeElement === document.body) section.current?.focus({ preventScroll: true });
  }, [inHand]);
  return (
    <section className="move" ref={section} tabIndex={-1} aria-label={say("move.title")}>
      <h3>{say("move.title")}</h3>
      {choice.blocks.length === 0 && <p className="muted">{say(edge.length > 0 ? "move.none" : "move.noEdge")}</p>}
      {choice.blocks.length > 0 && <Chosen drawn={drawn} grid={grid} blocks={choice.blocks} target={choice.target} />}
      {edge.length > 0 && <EdgeList drawn={drawn} grid={grid} edge={edge} />}
    </section>
  );
}

interface ChosenProps extends Props {
  readonly blocks: readonly BlockIndex[];
  readonly target: number | null;
}

function Chosen({ drawn, grid, blocks, target }: ChosenProps) {
  const speaker = useSpeaker();
  const { say, nameOf, count } = speaker;
  const label = useMeasures();
  const { ground, wished, byNo, balanced } = drawn;
  const previews = useMemo(
    () => targetsOf(ground, wished, blocks).flatMap((t) => previewMove(ground, wished, byNo, blocks, t.grid) ?? []),
    [ground, wished, byNo, blocks],
  );
  const loads = loadsOf(ground, blocks);
  const preview = previews.find((p) => p.to.grid.no === target);
  return (
    <div className="move-chosen" data-chosen={blocks.length}>
      <p className="move-sum" role="status">
        <strong>{say("move.selected", { n: blocks.length })}</strong>
        <span>{balanced.map((m) => `${label(m)} ${count(loads[m] ?? 0)}`).join(" · ")}</span>
        <button
          type="button"
          className="quiet small move-clear"
          onClick={() => choose({ grid: grid.no, blocks: [], target: null })}
        >
          {say("move.clear")}
        </button>
      </p>
      {previews.length === 0 && <p className="form-fault">{say("move.noTarget")}</p>}
      {previews.length > 0 && (
        <fieldset className="targets">
          <legend>{say("move.target")}</legend>
          {previews.map((p, i) => (
            <Target key={p.to.grid.no} side={p.to} digit={i + 1} drawn={drawn} chosen={p === preview} />
          ))}
        </fieldset>
      )}
      {preview && <Change drawn={drawn} preview={preview} />}
      {previews.length > 0 && (
        <button
          type="button"
          className="primary wide"
          data-move
          disabled={!preview}
          onClick={() => moveChosen(drawn, speaker)}
        >
          {preview ? say("move.do", { grid: nameOf(preview.to.grid) }) : say("move.target")}
        </button>
      )}
      <button
        type="button"
        className="quiet small"
        data-unassign
        onClick={() => {
          choose({ grid: grid.no, blocks: [], target: null });
          assignBlocks(drawn, speaker, blocks, 0);
        }}
      >
        {say("move.unassign")}
      </button>
      {previews.length === 1 && <p className="muted hint">{say("move.hint.one")}</p>}
      {previews.length > 1 && <p className="muted hint">{say("move.hint", { n: Math.min(9, previews.length) })}</p>}
    </div>
  );
}

interface TargetProps {
  readonly side: Side;
  readonly digit: number;
  readonly drawn: Drawn;
  readonly chosen: boolean;
}

function Target({ side, digit, drawn, chosen }: TargetProps) {
  const { nameOf, signedPercent } = useSpeaker();
  const { grid } = side;
  const measure = drawn.balanced[0] ?? "";
  const change = (d: number | null | undefined) => (d === null || d === undefined ? "–" : signedPercent(d));
  return (
    <button
      type="button"
      className="target"
      data-target={grid.no}
      aria-pressed={chosen}
      onMouseEnter={() => hover(grid.no)}
      onMouseLeave={() => hover(null)}
      onClick={() => choose({ ...workspace.getState().choice, target: grid.no })}
    >
      {digit <= 9 && <kbd>{digit}</kbd>}
      <span className="swatch" style={{ background: gridColour(grid.colour) }} />
      <span className="target-name">{nameOf(grid)}</span>
      <span className="number">
        {change(side.deviationBefore[measure])} → {change(side.deviationAfter[measure])}
      </span>
    </button>
  );
}

/** Both sides of the move, measure by measure, and what it would break. */
function Change({ drawn, preview }: { readonly drawn: Drawn; readonly preview: Preview }) {
  const { say, nameOf, count, signedPercent } = useSpeaker();
  const label = useMeasures();
  const sides = [...preview.from, preview.to];
  return (
    <>
      <table className="table change">
        <thead>
          <tr>
            <td />
            {sides.map((s) => (
              <th key={s.grid.no} scope="col">
                {nameOf(s.grid)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn.balanced.map((m) => (
            <tr key={m}>
              <th scope="row">{label(m)}</th>
              {sides.map((s) => {
                const deviation = s.deviationAfter[m];
                return (
                  <td key={s.grid.no}>
                    {say("move.change", { before: count(s.before[m] ?? 0), after: count(s.after[m] ?? 0) })}
                    <br />
                    <span className="muted">
                      {deviation === null || deviation === undefined ? "–" : signedPercent(deviation)}
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {sides.map((s) => {
        const grid = nameOf(s.grid);
        if (s.blocksAfter === 0) return <Warning key={s.grid.no} words={say("move.empties", { grid })} />;
        if (s.piecesAfter > 1) {
          return <Warning key={s.grid.no} words={say("move.breaks", { grid, n: s.piecesAfter })} />;
        }
        return null;
      })}
    </>
  );
}

function Warning({ words }: { readonly words: string }) {
  return <p className="warning">{words}</p>;
}

interface EdgeProps extends Props {
  readonly edge: readonly BlockIndex[];
}

function EdgeList({ drawn, grid, edge }: EdgeProps) {
  const { say, count } = useSpeaker();
  const label = useMeasures();
  const choice = useStore(workspace, (w) => w.choice);
  const { blocks } = drawn.ground;
  const measure = drawn.balanced[0] ?? "";
  const inner = grid.blocks - edge.length;
  return (
    <div className="edge">
      <h4>{say("move.list", { n: edge.length })}</h4>
      <ul>
        {edge.map((b) => {
          const kind = blocks.kind[b] || "unknown";
          return (
            <li key={b} onMouseEnter={() => point(b)} onMouseLeave={() => point(null)}>
              <label>
                <input
                  type="checkbox"
                  data-block={blocks.code[b]}
                  checked={choice.blocks.includes(b)}
                  onFocus={() => point(b)}
                  onBlur={() => point(null)}
                  onChange={() => choose(toggled(workspace.getState().choice, b))}
                />
                <span className="edge-code">{blocks.code[b]}</span>
                <span className="muted">{say(`kind.${kind}` as "kind.unknown")}</span>
                <span className="number" title={label(measure)}>
                  {count(blocks.loads[measure]?.[b] ?? 0)}
                </span>
              </label>
            </li>
          );
        })}
      </ul>
      {inner > 0 && <p className="muted hint">{say("move.inner", { n: inner })}</p>}
    </div>
  );
}

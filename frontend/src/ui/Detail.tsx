import { useMemo } from "react";
import { useStore } from "zustand";
import type { Grid } from "../core/contract";
import { isOut } from "../core/listing";
import { gridColour } from "../core/palette";
import { nothing } from "../core/picking";
import { compactness, tallied } from "../core/tally";
import { choose, workspace } from "../state/workspace";
import { GridBounds } from "./codes/GridBounds";
import { CloseIcon } from "./icons";
import { useSpeaker } from "./language";
import { MoveBlocks } from "./MoveBlocks";
import { RenameGrid } from "./plans/RenameGrid";
import { lockGrids } from "./tools/acts";
import { ToolIcon } from "./tools/ToolIcon";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** The chosen grid: what it holds, how it compares, and how to give blocks away. */
export function Detail({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const inHand = useStore(workspace, (w) => w.choice.blocks.length > 0);
  const no = useStore(workspace, (w) => w.choice.grid);
  const grid = no === null ? undefined : drawn.byNo.get(no);
  if (!grid) return null;
  const parent = drawn.parents.get(grid.parent);
  return (
    <section className="detail" aria-label={say("detail.title")} data-grid={grid.no}>
      <div className="detail-head">
        <span className="swatch large" style={{ background: gridColour(grid.colour) }} />
        <div>
          <h2>{nameOf(grid)}</h2>
          <p className="muted">{parent ? nameOf(parent) : grid.parent}</p>
        </div>
        <button
          type="button"
          className="quiet square"
          aria-pressed={grid.locked === true}
          aria-label={say(grid.locked ? "lock.gridOff" : "lock.grid")}
          title={say(grid.locked ? "lock.gridOff" : "lock.grid")}
          onClick={() => lockGrids(drawn, speaker, [grid.no], !grid.locked)}
        >
          <ToolIcon tool="lock" />
        </button>
        <button type="button" className="quiet square" aria-label={say("page.close")} onClick={() => choose(nothing)}>
          <CloseIcon />
        </button>
      </div>
      <div className="detail-body">
        <p className="detail-words" role="status">
          {isOut(grid.verdict) && (
            <span className={`chip verdict-${grid.verdict}`}>{say(`verdict.${grid.verdict}`)}</span>
          )}
          {grid.words}
        </p>
        {grid.locked && <p className="muted hint">{say("lock.is")}</p>}
        {/* With blocks in hand the move is what matters, and its button has to be in sight. */}
        {!inHand && <Holdings drawn={drawn} grid={grid} />}
        {!inHand && <GridBounds drawn={drawn} grid={grid} />}
        {!inHand && !drawn.plan.archived && (
          <details className="more" key={grid.no}>
            <summary>{say("plan.rename")}</summary>
            <RenameGrid drawn={drawn} no={grid.no} />
          </details>
        )}
        <MoveBlocks drawn={drawn} grid={grid} />
      </div>
    </section>
  );
}

/** What a grid holds, measure by measure, and what kind of ground it is. */
function Holdings({ drawn, grid }: { readonly drawn: Drawn; readonly grid: Grid }) {
  const { say, count, percent, signedPercent, area } = useSpeaker();
  const label = useMeasures();
  const compact = useMemo(() => {
    const most = Math.max(0, ...drawn.byNo.keys());
    const { area, outline } = tallied(drawn.ground, drawn.wished, most);
    return compactness(area[grid.no] ?? 0, outline[grid.no] ?? 0);
  }, [drawn, grid.no]);
  const measures = [...drawn.balanced, ...drawn.ground.measures.filter((m) => !drawn.balanced.includes(m))];
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say("detail.measure")}</th>
            <th scope="col" className="number">
              {say("detail.load")}
            </th>
            <th scope="col" className="number">
              {say("detail.deviation")}
            </th>
          </tr>
        </thead>
        <tbody>
          {measures.map((m) => {
            const deviation = grid.deviation[m];
            return (
              <tr key={m} className={drawn.balanced.includes(m) ? "" : "muted"}>
                <th scope="row">{label(m)}</th>
                <td className="number">{count(grid.loads[m] ?? 0)}</td>
                <td className="number">
                  {deviation === null || deviation === undefined ? "–" : signedPercent(deviation)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <dl className="facts">
        <div>
          <dt>{say("detail.code")}</dt>
          <dd>{grid.code}</dd>
        </div>
        <div>
          <dt>{say("detail.blocks")}</dt>
          <dd>{count(grid.blocks)}</dd>
        </div>
        <div>
          <dt>{say("detail.area")}</dt>
          <dd>{area(grid.area_m2)}</dd>
        </div>
        <div>
          <dt>{say("detail.pieces")}</dt>
          <dd>
            {grid.pieces > 1 ? say("detail.pieces.many", { n: grid.pieces }) : say("detail.pieces.one")} ·{" "}
            {say("detail.compact")} {percent(compact)}
          </dd>
        </div>
      </dl>
    </>
  );
}

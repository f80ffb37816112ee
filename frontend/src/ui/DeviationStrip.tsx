import { useMemo } from "react";
import { useStore } from "zustand";
import { boxOf } from "../core/box";
import type { Grid } from "../core/contract";
import { worstDeviation } from "../core/listing";
import { deviationColour } from "../core/palette";
import { openGrid, workspace } from "../state/workspace";
import { useSpeaker } from "./language";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

const width = 348;
const height = 44;

/** All grids side by side, from the one with the fewest to the one with the most; a click goes to the grid. The list says the same in words. */
export function DeviationStrip({ drawn }: { readonly drawn: Drawn }) {
  const { say } = useSpeaker();
  const label = useMeasures();
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const { grids, balanced, tolerance } = drawn;
  const sorted = useMemo(() => {
    const all = grids.map((grid) => ({ grid, deviation: worstDeviation(grid, balanced.slice(0, 1)) }));
    return all.sort((a, b) => a.deviation - b.deviation);
  }, [grids, balanced]);
  const worst = Math.max(0, ...sorted.map((s) => Math.abs(s.deviation)));
  // A few grids far off must not press all others flat: beyond the scale's end bars are cut.
  const end = Math.max(tolerance * 1.25, Math.min(worst, tolerance * 4));
  const y = (deviation: number) => height / 2 - (Math.max(-end, Math.min(end, deviation)) / end) * (height / 2 - 1);
  const bar = width / Math.max(1, sorted.length);
  const go = (grid: Grid | undefined) => grid && openGrid(grid.no, boxOf(grid.bbox));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list beside it is the way for the keyboard
    <svg
      className="strip"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say("summary.strip", { measure: label(balanced[0] ?? "") })}
      onClick={(e) => {
        const { left, width: shown } = e.currentTarget.getBoundingClientRect();
        go(sorted[Math.floor(((e.clientX - left) / shown) * sorted.length)]?.grid);
      }}
    >
      <rect className="strip-band" x={0} width={width} y={y(tolerance)} height={y(-tolerance) - y(tolerance)} />
      {sorted.map(({ grid, deviation }, i) => (
        <rect
          key={grid.no}
          x={i * bar}
          width={bar + 0.05}
          y={Math.min(y(deviation), height / 2)}
          height={Math.max(0.8, Math.abs(y(deviation) - height / 2))}
          fill={
            grid.no === chosen
              ? "#0b4f8f"
              : deviationColour(Math.sign(deviation) * (0.45 + Math.abs(deviation) / end), 1)
          }
        />
      ))}
      <line className="strip-zero" x1={0} x2={width} y1={height / 2} y2={height / 2} />
    </svg>
  );
}

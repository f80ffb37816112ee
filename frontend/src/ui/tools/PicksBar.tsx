import { useState } from "react";
import { useStore } from "zustand";
import type { Grid, GridNo } from "../../core/contract";
import { neighboursOf } from "../../core/cutting";
import { workspace } from "../../state/workspace";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";
import { assignGrids, lockGrids, mergeGrids } from "./acts";

interface Props {
  readonly drawn: Drawn;
  readonly picks: ReadonlySet<GridNo>;
  readonly onClear: () => void;
}

/** What can be done with the grids picked in the list, without the map. */
export function PicksBar({ drawn, picks, onClear }: Props) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const [into, setInto] = useState<GridNo | null>(null);
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const grids = [...picks].flatMap((no): Grid | readonly Grid[] => drawn.byNo.get(no) ?? []);
  if (grids.length === 0) return null;
  const alike = grids.every((g) => g.parent === grids[0]?.parent);
  const beside = new Set(alike ? grids.flatMap((g) => neighboursOf(drawn.ground, drawn.wished, g.no)) : []);
  const targets = drawn.grids.filter((g) => beside.has(g.no) || (alike && grids.length > 1 && picks.has(g.no)));
  const target = targets.find((g) => g.no === (into ?? chosen)) ?? targets[0];
  const act = (does: () => void) => () => {
    does();
    onClear();
  };
  const shut = grids.every((g) => g.locked);
  return (
    <section className="picks" aria-label={say("picks.title", { n: grids.length })}>
      <p role="status">
        <strong>{say("picks.title", { n: grids.length })}</strong>
        <button type="button" className="quiet small" onClick={onClear}>
          {say("move.clear")}
        </button>
      </p>
      {target && (
        <div className="tool-acts">
          <select value={target.no} aria-label={say("picks.into")} onChange={(e) => setInto(Number(e.target.value))}>
            {targets.map((g) => (
              <option key={g.no} value={g.no}>
                {nameOf(g)}
              </option>
            ))}
          </select>
          <button type="button" className="small" onClick={act(() => mergeGrids(drawn, speaker, picks, target.no))}>
            {say("picks.merge")}
          </button>
          <button type="button" className="small" onClick={act(() => assignGrids(drawn, speaker, picks, target.no))}>
            {say("picks.assign")}
          </button>
        </div>
      )}
      {!alike && <p className="muted hint">{say("picks.parents")}</p>}
      <button type="button" className="small" onClick={act(() => lockGrids(drawn, speaker, picks, !shut))}>
        {say(shut ? "picks.unlock" : "picks.lock")}
      </button>
    </section>
  );
}

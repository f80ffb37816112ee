import { useEffect, useLayoutEffect, useRef } from "react";
import { useStore } from "zustand";
import type { MapController } from "../../map/controller";
import { layDown, toolbox } from "../../state/toolbox";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { handOf } from "./hands";

/** Gives the map the tool in hand; without a plan there is nothing to work on. */
export function useHand(map: MapController | null, drawn: Drawn | null, speaker: Speaker): void {
  const tool = useStore(toolbox, (t) => t.tool);
  const panning = useStore(toolbox, (t) => t.panning);
  const bench = useRef({ drawn, speaker });
  bench.current = { drawn, speaker };
  const plan = drawn?.plan.id;
  // Before the next pointer comes, not after the next picture.
  useLayoutEffect(() => {
    if (!map || plan === undefined) return;
    map.hand(handOf(tool, map, () => bench.current as { drawn: Drawn; speaker: Speaker }));
    return () => map.hand(null);
  }, [map, plan, tool]);
  useEffect(() => map?.panning(panning), [map, panning]);
  // What is half done belongs to the plan it was begun on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan is the reason
  useEffect(() => layDown, [plan]);
}

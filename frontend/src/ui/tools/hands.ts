import type { BlockIndex, GridNo, LonLat } from "../../core/contract";
import { ended, isTangled, mergedWith, neighboursOf, pointed, snapped, swept } from "../../core/cutting";
import { crossesItself, pixelAt, placeOf, worldOf } from "../../core/plane";
import { filling, Stroke, type Terrain } from "../../core/stroke";
import type { Tool } from "../../core/toolbox";
import type { MapController } from "../../map/controller";
import type { Hand, Pixel, Touch } from "../../map/hand";
import { tell } from "../../state/notices";
import { layDown, remember, takeUp, toolbox } from "../../state/toolbox";
import { choose, workspace } from "../../state/workspace";
import type { Speaker } from "../language";
import type { Drawn } from "../usePlan";
import { assignBlocks, lockBlock, lockGrids, reshapeBorder } from "./acts";

/** Bench is what a tool works on: the plan as it is drawn now, and who speaks. */
export interface Bench {
  readonly drawn: Drawn;
  readonly speaker: Speaker;
}

type Now = () => Bench;

const set = toolbox.setState;

export const terrainOf = ({ drawn }: Bench): Terrain => ({
  ground: drawn.ground,
  at: drawn.wished,
  byNo: drawn.byNo,
  locked: drawn.locked,
});

const nobody: Hand = {
  cursor: "crosshair",
  hovers: true,
  down: () => false,
  move: ({ pixel }) => set({ pointer: pixel }),
  up: () => undefined,
  click: () => undefined,
  cancel: () => layDown(),
  left: () => set({ pointer: null, next: null }),
};

/** Returns how a tool behaves on the map, null for the one that lets the map pick by itself. */
export function handOf(tool: Tool, map: MapController, now: Now): Hand | null {
  switch (tool) {
    case "select":
      return null;
    case "brush":
    case "erase":
      return painting(tool === "erase", map, now);
    case "box":
    case "lasso":
      return ringing(tool === "lasso", map, now);
    case "cut":
      return cutting(map, now);
    case "merge":
      return merging(map, now);
    case "reshape":
      return reshaping(map, now);
    case "lock":
      return clicking(map, now, (at, block) => {
        const { drawn, speaker } = now();
        const no = drawn.wished[block] as GridNo;
        if (at.shift || at.alt) lockBlock(drawn, speaker, block);
        else if (no !== 0) lockGrids(drawn, speaker, [no], drawn.byNo.get(no)?.locked !== true);
      });
    case "pick":
      return clicking(map, now, (_, block) => {
        const no = now().drawn.wished[block] || null;
        if (no !== null) remember(no);
        choose({ grid: no, blocks: [], target: null });
        takeUp(toolbox.getState().before);
      });
    case "fill":
      return clicking(map, now, (_, block) => {
        const bench = now();
        const fill = filling(terrainOf(bench), block);
        if (fill) assignBlocks(bench.drawn, bench.speaker, fill.blocks, fill.to);
        else tell("done", bench.speaker.say("fill.none"));
      });
  }
}

function clicking(map: MapController, now: Now, act: (at: Touch, block: BlockIndex) => void): Hand {
  return {
    ...nobody,
    cursor: "pointer",
    click(at) {
      const block = map.reach()?.blockAt(at.pixel);
      if (block === undefined || block === null) tell("fault", now().speaker.say("tool.beside"));
      else act(at, block);
    },
  };
}

/** Returns the grid a stroke goes to: the chosen one, else the one it begins in, so that pressing in a grid and dragging makes it larger. */
function targetAt(map: MapController, { drawn }: Bench, pixel: Pixel): GridNo | null {
  const { grid } = workspace.getState().choice;
  if (grid !== null && drawn.byNo.has(grid)) return grid;
  const block = map.reach()?.blockAt(pixel) ?? null;
  return block === null ? null : drawn.wished[block] || null;
}

/** Tells what did not go along, once a stroke is over. */
function tellHeld(stroke: Stroke, { say }: Speaker): void {
  const locked = stroke.held.get("locked");
  if (locked) tell("fault", say("stroke.locked"));
  else if (stroke.size === 0 && stroke.held.has("parent")) tell("fault", say("stroke.parent"));
}

function finish({ drawn, speaker }: Bench): void {
  const { stroke } = toolbox.getState();
  layDown();
  if (!stroke) return;
  tellHeld(stroke, speaker);
  assignBlocks(drawn, speaker, stroke.blocks, stroke.to);
}

function painting(erasing: boolean, map: MapController, now: Now): Hand {
  let last: Pixel = [0, 0];
  const step = (to: Pixel) => {
    const { stroke, steps, brush } = toolbox.getState();
    const reached = stroke && map.reach()?.along(last, to, brush);
    last = to;
    if (!reached) return set({ pointer: to });
    const added = stroke.take(reached);
    if (added.length > 0) map.hold(added, stroke.to);
    set({ pointer: to, steps: steps + 1 });
  };
  return {
    ...nobody,
    cursor: "none",
    hovers: false,
    down({ pixel }) {
      const to = erasing ? 0 : targetAt(map, now(), pixel);
      if (to === null) {
        tell("fault", now().speaker.say("stroke.nowhere"));
        return true;
      }
      set({ stroke: new Stroke(terrainOf(now()), to) });
      last = pixel;
      step(pixel);
      return true;
    },
    move: ({ pixel }) => step(pixel),
    up({ pixel }) {
      step(pixel);
      const empty = toolbox.getState().stroke?.size === 0;
      finish(now());
      if (empty) map.release();
    },
    cancel() {
      layDown();
      map.release();
    },
  };
}

function ringing(lasso: boolean, map: MapController, now: Now): Hand {
  let began: Pixel = [0, 0];
  let to: GridNo | null = null;
  const trace = (pixel: Pixel) => {
    const { ring } = toolbox.getState();
    const corners: Pixel[] = [began, [pixel[0], began[1]], pixel, [began[0], pixel[1]]];
    const next = lasso ? [...ring, map.placeAt(pixel)] : corners.map((p) => map.placeAt(p));
    const stroke = new Stroke(terrainOf(now()), to ?? 0);
    if (next.length >= 3) stroke.take(map.reach()?.within(next) ?? []);
    set({ pointer: pixel, ring: next, stroke, steps: toolbox.getState().steps + 1 });
  };
  return {
    ...nobody,
    hovers: false,
    down({ pixel }) {
      to = targetAt(map, now(), pixel);
      if (to === null) {
        tell("fault", now().speaker.say("stroke.nowhere"));
        return false;
      }
      began = pixel;
      set({ ring: lasso ? [map.placeAt(pixel)] : [], pointer: pixel });
      return true;
    },
    move({ pixel }) {
      if (to === null) set({ pointer: pixel });
      else trace(pixel);
    },
    up() {
      to = null;
      const { ring } = toolbox.getState();
      if (lasso && crossesItself(ring.map(worldOf), true)) {
        layDown();
        tell("fault", now().speaker.say("lasso.tangled"));
      } else finish(now());
    },
    cancel() {
      to = null;
      layDown();
    },
  };
}

/** What a cut snaps to: what is drawn of roads, water and railways, then the borders of blocks. */
const alongside = ["ground-road", "ground-waterway", "ground-water", "ground-rail"];
const borders = ["block-line", "grid-line", "parent-line"];
const snap = 12; // pixels

/** Returns the place a point is meant to be: on a line of the map where one is near. */
function meant(
  map: MapController,
  { pixel, place }: Touch,
  layers: readonly string[],
): { at: LonLat; snapped: boolean } {
  const reach = map.reach();
  const near = snap * pixelAt(map.zoom());
  const on = reach && snapped(worldOf(place), reach.lines(pixel, snap, layers), near);
  return on ? { at: placeOf(on), snapped: true } : { at: place, snapped: false };
}

function meantLine(map: MapController, at: Touch): { at: LonLat; snapped: boolean } {
  const along = meant(map, at, alongside);
  return along.snapped ? along : meant(map, at, borders);
}

function cutting(map: MapController, now: Now): Hand {
  return {
    ...nobody,
    hovers: false,
    move: (at) => {
      const { cut } = toolbox.getState();
      set({ pointer: at.pixel, next: cut.done ? null : meantLine(map, at) });
    },
    click(at) {
      const { cut } = toolbox.getState();
      const next = at.twice ? ended(cut) : pointed(cut, meantLine(map, at).at);
      if (isTangled(next.points)) tell("fault", now().speaker.say("cut.tangled"));
      else set({ cut: next, street: null, next: null });
    },
  };
}

function merging(map: MapController, now: Now): Hand {
  return clicking(map, now, (_, block) => {
    const { drawn } = now();
    const no = drawn.wished[block] as GridNo;
    const { merge } = toolbox.getState();
    if (no !== 0) set({ merge: mergedWith(merge, no, (of) => neighboursOf(drawn.ground, drawn.wished, of)) });
  });
}

/** How far from a border a press still means it, and how far apart the points of a dragged line are, in pixels. */
const near = 10;
const apart = 5;

function reshaping(map: MapController, now: Now): Hand {
  let last: Pixel = [0, 0];
  let held = false;
  const around = (pixel: Pixel): GridNo[] => {
    const { drawn } = now();
    const reach = map.reach();
    const found = new Set<GridNo>();
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [0.7, 0.7],
      [-0.7, 0.7],
      [-0.7, -0.7],
      [0.7, -0.7],
    ] as const) {
      const block = reach?.blockAt([pixel[0] + dx * near, pixel[1] + dy * near]) ?? null;
      if (block !== null && drawn.wished[block] !== 0) found.add(drawn.wished[block] as GridNo);
    }
    return [...found];
  };
  const border = (at: Touch) => meant(map, at, ["grid-line"]).at;
  return {
    ...nobody,
    hovers: false,
    down(at) {
      const { drawn, speaker } = now();
      const [grid, neighbour] = around(at.pixel);
      if (grid === undefined || neighbour === undefined) return false;
      if (drawn.byNo.get(grid)?.parent !== drawn.byNo.get(neighbour)?.parent) {
        tell("fault", speaker.say("stroke.parent"));
        return false;
      }
      held = true;
      last = at.pixel;
      set({ reshape: { grid, neighbour, line: [border(at)] }, pointer: at.pixel });
      return true;
    },
    move({ pixel, place }) {
      const { reshape } = toolbox.getState();
      if (!held || !reshape) return set({ pointer: pixel });
      if (Math.hypot(pixel[0] - last[0], pixel[1] - last[1]) < apart) return;
      last = pixel;
      set({ pointer: pixel, reshape: { ...reshape, line: [...reshape.line, place] } });
    },
    up(at) {
      const { drawn, speaker } = now();
      const { reshape } = toolbox.getState();
      held = false;
      layDown();
      if (!reshape || reshape.line.length < 3) return;
      const pair = around(at.pixel);
      const line = [...reshape.line, border(at)];
      const back = [reshape.grid, reshape.neighbour].every((no) => pair.includes(no));
      if (!back) tell("fault", speaker.say("reshape.back"));
      else if (isTangled(line)) tell("fault", speaker.say("cut.tangled"));
      else if (swept(drawn.ground, drawn.wished, { ...reshape, line }).length === 0)
        tell("fault", speaker.say("reshape.nothing"));
      else reshapeBorder(drawn, speaker, { ...reshape, line });
    },
    cancel() {
      held = false;
      layDown();
    },
  };
}

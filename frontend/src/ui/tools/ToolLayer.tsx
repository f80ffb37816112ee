import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { LonLat } from "../../core/contract";
import type { MapController } from "../../map/controller";
import { toolbox } from "../../state/toolbox";
import { workspace } from "../../state/workspace";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";
import { cutGridOf } from "./cutGrid";
import { type Side, sidesOf } from "./sides";

/** What the tool in hand draws over the map as a picture of its own: it follows the hand however slow the map draws. */
export function ToolLayer({ map, drawn }: { readonly map: MapController; readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const box = useStore(toolbox);
  const hovered = useStore(workspace, (w) => w.hovered);
  const [, turn] = useState(0);
  useEffect(() => map.onView(() => turn((n) => n + 1)), [map]);
  const { tool, pointer, brush, ring, cut, merge, next, reshape, street, panning } = box;
  const at = (p: LonLat) => map.project(p).join(" ");
  const line = (points: readonly LonLat[]) => (points.length > 0 ? `M${points.map(at).join("L")}` : "");
  const paints = tool === "brush" || tool === "erase";
  const last = cut.points.at(-1);
  const sides = sidesOf(drawn, box, hovered, cutGridOf(drawn, map, box), speaker);
  return (
    <>
      <svg className="tool-layer" aria-hidden="true" data-sides={sides.length}>
        {ring.length > 1 && <path className={`tool-ring ${tool}`} d={`${line(ring)}Z`} />}
        <path className="tool-casing" d={line(street ?? reshape?.line ?? cut.points)} />
        <path
          className={`tool-line${cut.done || street ? " done" : ""}`}
          d={line(street ?? reshape?.line ?? cut.points)}
        />
        {last && next && !cut.done && <path className="tool-next" d={line([last, next.at])} />}
        {cut.points.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its place in the line
          <Dot key={i} at={map.project(p)} kind="tool-point" />
        ))}
        {tool === "cut" && next && pointer && (
          <Dot at={map.project(next.at)} kind={next.snapped ? "tool-snap" : "tool-free"} />
        )}
        {paints && pointer && !panning && (
          <circle className={`tool-brush ${tool}`} cx={pointer[0]} cy={pointer[1]} r={Math.max(3, brush)} />
        )}
      </svg>
      {/* What waits for a yes stands in the card. */}
      {pointer && sides.length > 0 && !cut.done && !street && merge.second === null && (
        <Hud at={pointer} sides={sides} />
      )}
    </>
  );
}

function Dot({ at, kind }: { readonly at: readonly [number, number]; readonly kind: string }) {
  return <circle className={kind} cx={at[0]} cy={at[1]} r={kind === "tool-point" ? 5 : 7} />;
}

/** The grids a stroke changes, beside the pointer, as they would be. */
function Hud({ at, sides }: { readonly at: readonly [number, number]; readonly sides: readonly Side[] }) {
  // On the other side of the pointer where there would be no room.
  const flip = at[0] > 460;
  const style = flip
    ? { right: `calc(100% - ${at[0] - 18}px)`, top: `${at[1] + 14}px` }
    : { left: `${at[0] + 18}px`, top: `${at[1] + 14}px` };
  return (
    <div className="hud" style={style} aria-hidden="true">
      <Sides sides={sides} />
    </div>
  );
}

export function Sides({ sides }: { readonly sides: readonly Side[] }) {
  const { signedCount } = useSpeaker();
  return sides.map((s) => (
    <p key={`${s.no} ${s.name}`} className={s.off ? "side off" : "side"}>
      <strong>{s.name}</strong>
      <span>{s.words}</span>
      {s.change !== null && s.change !== 0 && <em>{signedCount(s.change)}</em>}
    </p>
  ));
}

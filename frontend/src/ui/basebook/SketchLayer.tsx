import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { LonLat } from "../../core/contract";
import { type At, closed, inserted, moved, type Sketch, shifted, spans, without } from "../../core/sketch";
import type { MapController } from "../../map/controller";
import { basebook, drawAs } from "../../state/basebook";
import { useSpeaker } from "../language";

interface Props {
  readonly map: MapController;
  /** What is chosen, outlined while nothing is drawn. */
  readonly chosen: Sketch | null;
}

// With more points than these the middles between them would hide the shape.
const mostMiddles = 120;

/** What is drawn lies over the map as a picture of its own, so that a point follows the hand however slow the map draws. */
export function SketchLayer({ map, chosen }: Props) {
  const { say } = useSpeaker();
  const sketch = useStore(basebook, (b) => b.sketch);
  const frame = useRef<SVGSVGElement>(null);
  useView(map);
  const pointer = usePointer(frame, sketch?.open === true);

  const shown = sketch ?? chosen;
  if (!shown) return null;
  const at = (p: LonLat) => map.project(p);
  const place = (e: PointerEvent): LonLat => {
    const { left, top } = (frame.current as SVGSVGElement).getBoundingClientRect();
    return map.placeAt([e.clientX - left, e.clientY - top]);
  };
  const path = shown.strokes.map((s) => outline(s.map(at), shown)).join(" ");
  const last = sketch?.open ? sketch.strokes.at(-1)?.at(-1) : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset
    <svg
      ref={frame}
      className="sketch"
      role="group"
      aria-label={say("basebook.sketch")}
      data-sketch={sketch ? "" : undefined}
    >
      <path className="sketch-casing" d={path} />
      {sketch && !sketch.open ? (
        <Whole path={path} sketch={sketch} place={place} />
      ) : (
        <path className={`sketch-line ${shown.kind}`} d={path} />
      )}
      {last && pointer && <path className="sketch-next" d={`M${at(last).join(" ")}L${pointer.join(" ")}`} />}
      {sketch && <Handles sketch={sketch} at={at} place={place} />}
    </svg>
  );
}

const outline = (points: readonly (readonly [number, number])[], { kind, open }: Sketch) =>
  points.length === 0 ? "" : `M${points.map((p) => p.join(" ")).join("L")}${kind === "polygon" && !open ? "Z" : ""}`;

/** The shape itself is dragged to move all of it. */
function Whole({ path, sketch, place }: { path: string; sketch: Sketch; place: (e: PointerEvent) => LonLat }) {
  const from = useRef<{ readonly at: LonLat; readonly sketch: Sketch } | null>(null);
  return (
    <path
      className={`sketch-line whole ${sketch.kind}`}
      d={path}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        from.current = { at: place(e), sketch };
      }}
      onPointerMove={(e) => {
        const begun = from.current;
        if (!begun) return;
        const to = place(e);
        drawAs(shifted(begun.sketch, [to[0] - begun.at[0], to[1] - begun.at[1]]));
      }}
      onPointerUp={() => {
        from.current = null;
      }}
    />
  );
}

// About a metre, as a key moves a point; ten with Shift.
const nudge = 1e-5;
const ways: Record<string, LonLat> = {
  ArrowLeft: [-nudge, 0],
  ArrowRight: [nudge, 0],
  ArrowUp: [0, nudge],
  ArrowDown: [0, -nudge],
};

interface HandlesProps {
  readonly sketch: Sketch;
  readonly at: (p: LonLat) => readonly [number, number];
  readonly place: (e: PointerEvent) => LonLat;
}

/** The points of a sketch, and between them the places for more. */
function Handles({ sketch, at, place }: HandlesProps) {
  const { say } = useSpeaker();
  const held = useRef<At | null>(null);
  const grip = (take: (e: PointerEvent) => At) => ({
    onPointerDown(e: PointerEvent<SVGCircleElement>) {
      if (e.button !== 0) return;
      e.currentTarget.setPointerCapture(e.pointerId);
      held.current = take(e);
    },
    onPointerMove(e: PointerEvent<SVGCircleElement>) {
      const now = basebook.getState().sketch;
      if (held.current && now) drawAs(moved(now, held.current, place(e)));
    },
    onPointerUp() {
      held.current = null;
    },
  });
  const onKey = (e: KeyboardEvent, where: At, p: LonLat) => {
    const way = ways[e.key];
    const by = e.shiftKey ? 10 : 1;
    if (way) drawAs(moved(sketch, where, [p[0] + by * way[0], p[1] + by * way[1]]));
    else if (e.key === "Delete" || e.key === "Backspace") drawAs(without(sketch, where));
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const middles = sketch.open ? [] : spans(sketch);
  return (
    <>
      {middles.length <= mostMiddles &&
        middles.map(({ behind, middle }) => {
          const [x, y] = at(middle);
          const [s, i] = behind;
          return (
            <circle
              key={`middle ${s} ${i}`}
              className="sketch-middle"
              cx={x}
              cy={y}
              r={4}
              {...grip(() => {
                drawAs(inserted(sketch, behind, middle));
                return [s, i + 1];
              })}
            />
          );
        })}
      {sketch.strokes.flatMap((points, s) =>
        points.map((p, i) => {
          const [x, y] = at(p);
          const ends = sketch.open && sketch.kind === "polygon" && i === 0 && points.length > 2;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a point of a drawing is no HTML button
            <circle
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its place in the line
              key={`${s} ${i}`}
              className={`sketch-point${ends ? " ends" : ""}`}
              cx={x}
              cy={y}
              r={ends ? 8 : 6}
              role="button"
              tabIndex={0}
              data-point={`${s} ${i}`}
              aria-label={say("basebook.point", { n: i + 1 })}
              onKeyDown={(e) => onKey(e, [s, i], p)}
              onDoubleClick={() => sketch.open || drawAs(without(sketch, [s, i]))}
              {...(ends ? { onClick: () => drawAs(closed(sketch)) } : grip(() => [s, i]))}
            />
          );
        }),
      )}
    </>
  );
}

/** Draws again whenever the map shows another part of the world. */
function useView(map: MapController): void {
  const [, turn] = useState(0);
  useEffect(() => map.onView(() => turn((n) => n + 1)), [map]);
}

/** Returns where the pointer is over the map, while something is being drawn. */
function usePointer(
  frame: { readonly current: SVGSVGElement | null },
  drawing: boolean,
): readonly [number, number] | null {
  const [at, setAt] = useState<readonly [number, number] | null>(null);
  useEffect(() => {
    const stage = frame.current?.parentElement;
    if (!drawing || !stage) return;
    const follow = (e: globalThis.PointerEvent) => {
      const { left, top } = stage.getBoundingClientRect();
      setAt([e.clientX - left, e.clientY - top]);
    };
    const leave = () => setAt(null);
    stage.addEventListener("pointermove", follow);
    stage.addEventListener("pointerleave", leave);
    return () => {
      stage.removeEventListener("pointermove", follow);
      stage.removeEventListener("pointerleave", leave);
      setAt(null);
    };
  }, [frame, drawing]);
  return at;
}

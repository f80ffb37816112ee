import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { densityDocument } from "../api/documents";
import { type Border, barriers, isBarrier, strokes } from "../core/barriers";
import { densityColours, densitySteps, deviationColour, deviationScaleEnd } from "../core/palette";
import type { MapController } from "../map/controller";
import { patternKinds } from "../map/patterns";
import { type ColourMode, type Preferences, preferences } from "../state/preferences";
import { toolbox } from "../state/toolbox";
import { workspace } from "../state/workspace";
import { DownIcon, HomeIcon, MinusIcon, PlusIcon } from "./icons";
import { useSpeaker } from "./language";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

interface Props {
  readonly map: MapController | null;
  readonly drawn: Drawn | null;
  /** The stretch of border under the pointer. */
  readonly near: Border | null;
  readonly onHome: () => void;
}

/** What lies over the map: zoom buttons, the name of the grid under the pointer, layers with their legend. */
export function MapTools({ map, drawn, near, onHome }: Props) {
  const { say } = useSpeaker();
  const tool = (title: string, icon: React.ReactNode, act: () => void) => (
    <button type="button" aria-label={title} title={title} onClick={act}>
      {icon}
    </button>
  );
  return (
    <>
      <div className="zoom">
        {tool(say("layers.zoomIn"), <PlusIcon />, () => map?.zoomBy(1))}
        {tool(say("layers.zoomOut"), <MinusIcon />, () => map?.zoomBy(-1))}
        {tool(say("layers.home"), <HomeIcon />, onHome)}
      </div>
      {drawn && <HoverTip drawn={drawn} />}
      {!drawn && near && <BorderTip border={near} />}
      <Legend drawn={drawn} />
    </>
  );
}

function HoverTip({ drawn }: { readonly drawn: Drawn }) {
  const { nameOf } = useSpeaker();
  const hovered = useStore(workspace, (w) => w.hovered);
  const grid = hovered === null ? undefined : drawn.byNo.get(hovered);
  if (!grid) return null;
  const parent = drawn.parents.get(grid.parent);
  return (
    <p className="hover-tip" aria-hidden="true">
      <strong>
        {parent && nameOf(parent)} {nameOf(grid)}
      </strong>
      <span>{grid.words}</span>
    </p>
  );
}

function BorderTip({ border: { barrier, name, walk } }: { readonly border: Border }) {
  const { say } = useSpeaker();
  return (
    <p className="hover-tip" aria-hidden="true">
      <strong>
        {isBarrier(barrier) ? say(`barrier.${barrier}`) : barrier} {name}
      </strong>
      <span>{say(walk ? "barrier.open" : "barrier.closed")}</span>
    </p>
  );
}

type Switch = "base" | "density" | "blockLines" | "names";
const switches = {
  base: "layers.base",
  density: "layers.density",
  blockLines: "layers.blocks",
  names: "layers.labels",
} as const;
const modes: readonly ColourMode[] = ["grid", "deviation"];

function Legend({ drawn }: { readonly drawn: Drawn | null }) {
  const { say } = useSpeaker();
  const shown = useStore(preferences);
  const set = (change: Partial<Preferences>) => preferences.setState(change);
  // A tool in hand needs the room; who wants the legend all the same opens it.
  const inHand = useStore(toolbox, (t) => t.tool !== "select") && drawn !== null;
  const [aside, setAside] = useState(false);
  useEffect(() => setAside(inHand), [inHand]);
  const open = shown.legend && !aside;
  const kinds = useMemo(() => new Set(drawn?.ground.blocks.kind), [drawn?.ground]);
  return (
    <section className={open ? "legend" : "legend folded"} aria-label={say("layers.title")}>
      <button
        type="button"
        className="legend-head"
        aria-expanded={open}
        onClick={() => {
          setAside(false);
          set({ legend: !open });
        }}
      >
        {say("layers.title")}
        <DownIcon />
      </button>
      {open && (
        <div className="legend-body">
          {drawn && (
            <>
              <fieldset className="segments" aria-label={say("layers.colour")}>
                {modes.map((mode) => (
                  <button
                    key={mode}
                    type="button"
                    aria-pressed={shown.colour === mode}
                    onClick={() => set({ colour: mode })}
                  >
                    {say(`layers.colour.${mode}`)}
                  </button>
                ))}
              </fieldset>
              {shown.colour === "grid" ? (
                <p className="muted hint">{say("layers.colour.grid.words")}</p>
              ) : (
                <DeviationKey tolerance={drawn.tolerance} />
              )}
              {(Object.keys(switches) as Switch[]).map((s) => (
                <label key={s} className="switch">
                  <input type="checkbox" checked={shown[s]} onChange={(e) => set({ [s]: e.target.checked })} />
                  {say(switches[s])}
                </label>
              ))}
              {shown.density && <DensityKey measure={drawn.balanced[0] ?? ""} />}
            </>
          )}
          {!drawn && <GroundKey />}
          <ul className="kinds">
            {patternKinds
              .filter((kind) => !drawn || kinds.has(kind))
              .map((kind) => (
                <li key={kind}>
                  <span className={`kind kind-${kind}`} />
                  {say(`kind.${kind}`)}
                </li>
              ))}
            {!drawn && (
              <li>
                <span className="kind kind-area" />
                {say("kind.area")}
              </li>
            )}
            {drawn && (
              <>
                <li>
                  <span className="line-key heavy" />
                  {say("layers.parents")}
                </li>
                <li>
                  <span className="line-key" />
                  {say("layers.grids")}
                </li>
                {drawn.grids.some((g) => g.locked) && (
                  <li>
                    <span className="kind kind-locked" />
                    {say("layers.locked")}
                  </li>
                )}
              </>
            )}
          </ul>
        </div>
      )}
    </section>
  );
}

/** What the lines and marks of the ground mean. */
function GroundKey() {
  const { say } = useSpeaker();
  return (
    <>
      <p className="key-title">{say("barrier.title")}</p>
      <ul className="kinds barriers">
        {barriers.map((barrier) => {
          const { colour, width, dashes } = strokes[barrier];
          return (
            <li key={barrier}>
              <svg className="stroke-key" viewBox="0 0 30 12" aria-hidden="true">
                <path
                  d="M0 6h30"
                  stroke={colour}
                  strokeWidth={width}
                  strokeDasharray={dashes.map((d) => d * width).join(" ")}
                />
              </svg>
              {say(`barrier.${barrier}`)}
            </li>
          );
        })}
        <li className="whole">
          <svg className="stroke-key" viewBox="0 0 30 12" aria-hidden="true">
            <path d="M0 2h30M0 10h30" stroke="#1d2c3b" strokeWidth="1" />
            <path d="M0 6h30" stroke="#b7b2a6" strokeWidth="3" />
          </svg>
          {say("barrier.closed")}
        </li>
        <li className="whole">
          <span className="line-key area-key" />
          {say("layers.communities")}
        </li>
        <li className="whole">
          <span className="line-key area-key dashed" />
          {say("layers.parents")}
        </li>
        <li>
          <span className="mark-key">!</span>
          {say("layers.findings")}
        </li>
        <li>
          <span className="mark-key ring">✓</span>
          {say("layers.repairs")}
        </li>
      </ul>
    </>
  );
}

function DeviationKey({ tolerance }: { readonly tolerance: number }) {
  const { say, percent } = useSpeaker();
  const end = deviationScaleEnd(tolerance);
  return (
    <div>
      <div className="ramp" aria-hidden="true">
        {[-1, -0.5, 0, 0.5, 1].map((share) => (
          <span key={share} style={{ background: deviationColour(share, 1) }} />
        ))}
      </div>
      <div className="ramp-ends muted">
        <span>{say("layers.deviation.less", { percent: percent(end) })}</span>
        <span>{say("layers.deviation.more", { percent: percent(end) })}</span>
      </div>
      <p className="out-key">
        <span className="kind kind-out" />
        {say("layers.deviation.out")}
      </p>
    </div>
  );
}

function DensityKey({ measure }: { readonly measure: string }) {
  const { say, count } = useSpeaker();
  const label = useMeasures();
  const density = useQuery(densityDocument(measure)).data;
  if (!density) return null;
  const steps = densitySteps(density.features.map((f) => f.properties.count));
  return (
    <div>
      <span className="muted">{say("layers.density.legend", { measure: label(measure) })}</span>
      <div className="ramp">
        {densityColours.map((colour, i) => (
          <span
            key={colour}
            style={{ background: colour }}
            title={say("layers.density.from", { n: steps[i - 1] ?? 0 })}
          />
        ))}
      </div>
      <div className="ramp-ends muted">
        <span>0</span>
        <span>{say("layers.density.from", { n: count(steps.at(-1) ?? 0) })}</span>
      </div>
    </div>
  );
}

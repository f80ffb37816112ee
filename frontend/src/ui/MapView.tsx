import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { densityDocument } from "../api/documents";
import { edgeBlocks } from "../core/assignment";
import type { Border } from "../core/barriers";
import { boxOf } from "../core/box";
import type { Area, Box, Status } from "../core/contract";
import { standing } from "../core/limits";
import { isOut, worstDeviation } from "../core/listing";
import { densitySteps, deviationColour, deviationScaleEnd, gridColour } from "../core/palette";
import { picked } from "../core/picking";
import { type Covered, MapController } from "../map/controller";
import { areaNames, marksOf, names } from "../map/names";
import { basebook, isCardOpen, isSpread } from "../state/basebook";
import { connection } from "../state/connection";
import { groundwork, openFinding } from "../state/groundwork";
import { preferences } from "../state/preferences";
import { toolbox } from "../state/toolbox";
import { choose, hover, look, workspace } from "../state/workspace";
import { chosenTargets, goToFinding } from "./actions";
import { SketchLayer } from "./basebook/SketchLayer";
import { type Touch, useChosenOutline, useLedgerOnMap } from "./basebook/useLedgerOnMap";
import { useSpeaker } from "./language";
import { MapTools } from "./MapTools";
import { CommentPins } from "./plans/CommentPins";
import { Rail } from "./tools/Rail";
import { idealsFor } from "./tools/sides";
import { ToolCard } from "./tools/ToolCard";
import { ToolLayer } from "./tools/ToolLayer";
import { useHand } from "./tools/useHand";
import { useToolKeys } from "./tools/useToolKeys";
import { standingWords } from "./tools/words";
import type { OnGround } from "./useGround";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** What of the map lies under the legend on its left and the card of the chosen grid on its right. */
function covered(place: HTMLElement | null, card: boolean): Covered {
  const { sheet, bookTab } = workspace.getState();
  const spread = sheet === "ground" && bookTab === "ledger" && isSpread(basebook.getState());
  const inHand = sheet === "plan" && toolbox.getState().tool !== "select";
  const left = inHand ? 244 : preferences.getState().legend && !spread ? 220 : 0;
  const right = card ? 332 : 0;
  // The rail of tools.
  const top = sheet === "plan" ? 44 : 0;
  // On a narrow screen what is asked for may lie under the cards rather than be a stamp between them.
  const room = (place?.clientWidth ?? 0) - left - right;
  return room > 320 ? { top, left, right } : { top: 0, left: 0, right: (place?.clientWidth ?? 0) > 640 ? right : 0 };
}

interface Props {
  readonly status: Status;
  /** The plan on show, null while the ground is. */
  readonly drawn: Drawn | null;
  readonly ground: OnGround | null;
  readonly onGround: boolean;
}

/** Tells the map what to show whenever that changes. */
export function MapView({ status, drawn, ground, onGround }: Props) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const place = useRef<HTMLDivElement>(null);
  const now = useRef(drawn);
  now.current = drawn;
  const [map, setMap] = useState<MapController | null>(null);
  const [broken, setBroken] = useState(false);
  const [near, setNear] = useState<Border | null>(null);
  const bookTab = useStore(workspace, (w) => w.bookTab);
  // On the other places the plan is looked at, not worked on.
  const working = useStore(workspace, (w) => w.sheet) === "plan" ? drawn : null;
  const onLedger = onGround && bookTab === "ledger";
  const findings = useRef(ground?.findings);
  findings.current = ground?.findings;
  const box = boxOf(drawn?.plan.bbox) ?? boxOf(status.bbox) ?? ground?.box ?? null;
  const first = useRef({ box, title: say("page.map") });
  const touched = useRef<Touch>(() => undefined);

  useEffect(() => {
    if (!place.current) return;
    let opened: MapController | undefined;
    let gone = false;
    MapController.open(
      place.current,
      { ...first.current, covered: covered(place.current, false) },
      {
        picked(pick) {
          const { choice } = workspace.getState();
          const box = boxOf(pick.grid === null ? null : now.current?.byNo.get(pick.grid)?.bbox);
          // Clicked once more where blocks are too small to be meant: the planner wants to see them.
          if (pick.grid === choice.grid && pick.block === null && box) look({ box });
          else choose(picked(choice, pick, now.current ? chosenTargets(now.current) : []));
        },
        hovered: hover,
        found(id) {
          const finding = findings.current?.find((f) => f.id === id);
          if (finding) goToFinding(finding);
          else openFinding(null);
        },
        touched: (at, things) => touched.current(at, things),
        neared: setNear,
      },
    ).then(
      (controller) => {
        opened = controller;
        if (gone) controller.close();
        else setMap(controller);
      },
      () => setBroken(true),
    );
    return () => {
      gone = true;
      opened?.close();
      setMap(null);
    };
  }, []);

  useEffect(() => map?.title(say("page.map")), [map, say]);
  usePlanOnMap(map, drawn, ground?.stamp ?? "");
  useFirstPlan(map, drawn);
  touched.current = useLedgerOnMap(map, onLedger, ground?.largeGrids ?? none, ground?.stamp ?? "");
  const outline = useChosenOutline(onLedger);
  useFindings(map, onGround && bookTab === "findings" ? ground : null);
  useMarks(map, drawn);
  useHand(map, working, speaker);
  useToolKeys(map, working, speaker);
  useNames(map, drawn, ground);
  useDensity(map, drawn);
  useView(map, place);
  useFirstLook(map, first.current.box === null ? box : null);
  useEffect(() => connection.subscribe((is, was) => was.lost && !is.lost && map?.refresh()), [map]);

  return (
    <>
      <div className="map" ref={place} />
      {map && working && <ToolLayer map={map} drawn={working} />}
      {map && drawn && <CommentPins map={map} drawn={drawn} />}
      {map && onLedger && <SketchLayer map={map} chosen={outline} />}
      {broken && <p className="map-broken">{say("page.noWebgl")}</p>}
      <MapTools map={map} drawn={drawn} near={near} onHome={() => box && look({ box })} />
      {map && working && (
        <>
          <Rail />
          <ToolCard map={map} drawn={working} />
        </>
      )}
    </>
  );
}

/** Shows the plan, or the ground where there is none to show. */
function usePlanOnMap(map: MapController | null, drawn: Drawn | null, stamp: string): void {
  const colour = useStore(preferences, (p) => p.colour);
  const blockLines = useStore(preferences, (p) => p.blockLines);
  const base = useStore(preferences, (p) => p.base);
  useEffect(() => {
    if (!map) return;
    if (!drawn) return map.showGround(stamp);
    const { plan, ground, revision, at, wished } = drawn;
    map.show({ plan: plan.id, ground, revision, at, wished, base: base ? stamp : null });
    map.blockLines(blockLines);
  }, [map, drawn, blockLines, base, stamp]);
  useEffect(() => {
    if (!map || !drawn) return;
    const { grids, balanced, tolerance } = drawn;
    const end = deviationScaleEnd(tolerance);
    map.colour(
      new Map(
        grids.map((g) => [
          g.no,
          colour === "grid" ? gridColour(g.colour) : deviationColour(worstDeviation(g, balanced), end),
        ]),
      ),
    );
  }, [map, drawn, colour]);
}

const noFirst: ReadonlyMap<number, string> = new Map();

/** Shows the first plan of a split that still goes on, or what a comparison paints. */
function useFirstPlan(map: MapController | null, drawn: Drawn | null): void {
  const over = useStore(workspace, (w) => w.over);
  const first = useStore(workspace, (w) => w.first?.colours ?? noFirst);
  const colours = over ?? first;
  const { plan, ground } = drawn ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plan is painted anew
  useEffect(() => map?.first(colours, over !== null), [map, colours, over, plan?.id, ground]);
}

function useMarks(map: MapController | null, drawn: Drawn | null): void {
  const choice = useStore(workspace, (w) => w.choice);
  const hovered = useStore(workspace, (w) => w.hovered);
  const pointed = useStore(workspace, (w) => w.pointed);
  const merge = useStore(toolbox, (t) => t.merge);
  const { grid } = choice;
  const colour = useStore(preferences, (p) => p.colour);
  const out = useMemo(
    () => (colour === "deviation" ? (drawn?.grids ?? []).filter((g) => isOut(g.verdict)).map((g) => g.no) : []),
    [drawn, colour],
  );
  const locked = useMemo(
    () => ({
      grids: (drawn?.grids ?? []).filter((g) => g.locked).map((g) => g.no),
      blocks: [...(drawn?.locked ?? [])],
    }),
    [drawn],
  );
  const around = useMemo(() => {
    const parent = drawn && grid !== null ? drawn.byNo.get(grid)?.parent : undefined;
    if (!drawn || grid === null || parent === undefined) return { faded: [], movable: [] };
    return {
      faded: drawn.grids.filter((g) => g.parent !== parent).map((g) => g.no),
      movable: edgeBlocks(drawn.ground, drawn.wished, grid),
    };
  }, [drawn, grid]);
  useEffect(() => {
    if (!map || !drawn) return;
    const target = choice.target ?? merge.second;
    map.mark({ ...choice, target, hovered: hovered ?? merge.first, pointed, out, locked, ...around });
  }, [map, drawn, choice, merge, hovered, pointed, out, locked, around]);
}

const none: readonly Area[] = [];

const noPoints: FeatureCollection = { type: "FeatureCollection", features: [] };

/** Marks the findings of the list on the map. */
function useFindings(map: MapController | null, ground: OnGround | null): void {
  const open = useStore(groundwork, (g) => g.finding);
  const { groups, findings, stamp } = ground ?? {};
  const points = useMemo(() => {
    const listed = groups?.flatMap((g) => g.findings) ?? [];
    // One that was just decided on may have left the list; it is still open.
    const beside = findings?.filter((f) => f.id === open && !listed.includes(f)) ?? [];
    return groups ? marksOf([...listed, ...beside]) : noPoints;
  }, [groups, findings, open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another ground is drawn with new layers
  useEffect(() => map?.findings(points, open), [map, points, open, stamp]);
}

/** The map was opened before anything told where to look. */
function useFirstLook(map: MapController | null, box: Box | null): void {
  const looked = useRef(false);
  useEffect(() => {
    if (!map || !box || looked.current) return;
    looked.current = true;
    look({ box });
  }, [map, box]);
}

function useNames(map: MapController | null, drawn: Drawn | null, ground: OnGround | null): void {
  const { nameOf, count, language } = useSpeaker();
  const label = useMeasures();
  const visible = useStore(preferences, (p) => p.names);
  const colour = useStore(preferences, (p) => p.colour);
  useEffect(() => {
    if (!map) return;
    if (!drawn) return map.names(areaNames(ground?.communities ?? [], ground?.largeGrids ?? [], nameOf), visible);
    const first = drawn?.balanced[0] ?? "";
    const points = names(drawn?.grids ?? [], [...(drawn?.parents.values() ?? [])], nameOf, (g) =>
      colour === "deviation"
        ? standingWords(language, standing(drawn.rules, g.loads, idealsFor(drawn, g.parent)))
        : `${label(first)} ${count(g.loads[first] ?? 0)}`,
    );
    map.names(points, visible);
  }, [map, drawn, ground?.communities, ground?.largeGrids, nameOf, label, count, language, colour, visible]);
}

function useDensity(map: MapController | null, drawn: Drawn | null): void {
  const shown = useStore(preferences, (p) => p.density);
  const measure = drawn?.balanced[0] ?? "";
  const density = useQuery({ ...densityDocument(measure), enabled: shown && measure !== "" }).data;
  useEffect(() => {
    if (!map) return;
    if (!shown || !density) return map.density(null, []);
    map.density(density as unknown as FeatureCollection, densitySteps(density.features.map((f) => f.properties.count)));
  }, [map, shown, density]);
}

function useView(map: MapController | null, place: RefObject<HTMLElement | null>): void {
  const view = useStore(workspace, (w) => w.view);
  useEffect(() => {
    if (!map || !view) return;
    const { sheet, choice, bookTab } = workspace.getState();
    const open = bookTab === "ledger" ? isCardOpen() : groundwork.getState().finding !== null;
    const card = sheet === "ground" ? open : choice.grid !== null;
    const under = covered(place.current, card);
    if ("box" in view) map.lookAt(view.box, under);
    else map.lookAtPoint(view.at, view.zoom ?? 15, under);
  }, [map, view, place]);
}

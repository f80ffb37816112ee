import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { basebookDocument, thingDocument } from "../../api/basebook";
import { areasByState, thingLayers } from "../../core/basebook";
import { boxOf, union } from "../../core/box";
import type { Area, BasebookRow, LonLat } from "../../core/contract";
import { added, type Sketch, sketchOf } from "../../core/sketch";
import type { MapController, MapThing } from "../../map/controller";
import type { AreaStates } from "../../map/ledgerStyle";
import { basebook, chooseCommunity, drawAs, isCardOpen, openThing } from "../../state/basebook";
import { look } from "../../state/workspace";
import { useSpeaker } from "../language";

const none: AreaStates = new Map();

/**
 * Shows the communities' states on the map while the base book is open, and returns what a click there means. The stamp
 * changes with the ground, whose layers are then new.
 */
export function useLedgerOnMap(
  map: MapController | null,
  open: boolean,
  largeGrids: readonly Area[],
  stamp: string,
): Touch {
  const { language } = useSpeaker();
  const rows = useQuery({ ...basebookDocument(language), enabled: open }).data;
  const community = useStore(basebook, (b) => b.community);
  const states = useMemo(() => (open && rows ? areasByState(rows, largeGrids) : none), [open, rows, largeGrids]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another ground is drawn with new layers
  useEffect(() => map?.states(states, open ? community : null), [map, states, community, open, stamp]);
  useFirstLook(map, rows);
  return useCallback(
    (at, things) => {
      // The row an area of the map belongs to: its own, or that of the community its large grids make up.
      const rowOf = (code: string) => {
        const parent = largeGrids.find((g) => g.code === code)?.parent;
        return rows?.find((row) => row.code === code) ?? rows?.find((row) => row.code === parent);
      };
      if (open) touch(at, things, (code) => rowOf(code)?.code ?? null);
    },
    [open, rows, largeGrids],
  );
}

/** The table takes room from the map: when it first opens the map looks at all of it again, unless something is chosen. */
function useFirstLook(map: MapController | null, rows: readonly BasebookRow[] | undefined): void {
  const looked = useRef(false);
  useEffect(() => {
    if (!map || !rows || looked.current) return;
    looked.current = true;
    const box = union(rows.map((row) => boxOf(row.bbox)));
    if (box && !isCardOpen()) look({ box });
  }, [map, rows]);
}

export type Touch = (at: LonLat, things: readonly MapThing[]) => void;

/** A click on the map is the next point of what is drawn, else it opens the thing or the community there. */
function touch(at: LonLat, things: readonly MapThing[], rowOf: (code: string) => string | null): void {
  const { task, sketch } = basebook.getState();
  if (task && sketch) {
    if (sketch.open) drawAs(added(sketch, at));
    return;
  }
  const [first] = things;
  const layer = thingLayers.find((l) => l === first?.layer);
  openThing(first && layer ? { layer, code: first.code } : null);
  if (first && layer) return;
  chooseCommunity(first ? rowOf(first.code) : null);
}

/** Returns the outline of the thing whose card is open, null while it is not known. */
export function useChosenOutline(open: boolean): Sketch | null {
  const { language } = useSpeaker();
  const thing = useStore(basebook, (b) => b.thing);
  const { layer, code } = thing ?? { layer: "", code: "" };
  const feature = useQuery({ ...thingDocument(layer, code, language), enabled: open && thing !== null }).data;
  return useMemo(
    () => (open && thing && feature ? sketchOf(feature.geometry as { type: string } | null | undefined) : null),
    [open, thing, feature],
  );
}

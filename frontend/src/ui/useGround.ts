import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { GroundLayer } from "../api/address";
import { areasDocument, documents } from "../api/documents";
import { buildsDocument, groundFindingsDocument, layersDocument } from "../api/ground";
import { union } from "../core/box";
import type { Area, Box, Build, GroundFinding, Status } from "../core/contract";
import { type FindingGroup, grouped } from "../core/findings";
import { groundwork } from "../state/groundwork";
import { turnTo, workspace } from "../state/workspace";
import { useSpeaker } from "./language";

/** OnGround is what the page knows of the ground while it lies on the table. */
export interface OnGround {
  readonly status: Status;
  readonly communities: readonly Area[];
  readonly largeGrids: readonly Area[];
  readonly findings: readonly GroundFinding[];
  /** The findings of the list: those asked for, by kind and rule. */
  readonly groups: readonly FindingGroup[];
  readonly builds: readonly Build[];
  /** Changes with the ground. */
  readonly stamp: string;
  readonly areaByCode: ReadonlyMap<string, Area>;
  /** The layers that hold anything, each with the box around it. */
  readonly layers: ReadonlyMap<GroundLayer, Box>;
  /** Around all areas. */
  readonly box: Box | null;
}

/** Reports whether there is ground to look at: blocks, or areas to make them in. */
export function hasGround(status: Status): boolean {
  return status.blocks > 0 || hasAreas(status);
}

function hasAreas({ areas }: Status): boolean {
  return (areas.community ?? 0) + (areas.large_grid ?? 0) > 0;
}

/** Returns whether the ground lies on the table. Where there are no blocks there is nothing else, and it stays when they come. */
export function useIsOnGround(status: Status | undefined): boolean {
  const sheet = useStore(workspace, (w) => w.sheet);
  const there = status !== undefined && hasGround(status);
  const alone = there && status.blocks === 0;
  useEffect(() => {
    if (alone) turnTo("ground");
  }, [alone]);
  return there && (sheet === "ground" || alone);
}

/** Returns the ground once all of it has been read, null before. */
export function useGround(status: Status | undefined): OnGround | null {
  const { language } = useSpeaker();
  const { heap, search, edition } = useStore(groundwork);
  const enabled = status !== undefined && hasGround(status);
  const communities = useQuery({ ...areasDocument("community"), enabled }).data;
  const largeGrids = useQuery({ ...areasDocument("large_grid"), enabled }).data;
  const findings = useQuery({ ...groundFindingsDocument(language), enabled }).data;
  const builds = useQuery({ ...buildsDocument(language), enabled }).data;
  // With blocks on it the ground is seldom imported anew, and each build asks again.
  const often = status?.blocks === 0 ? {} : { refetchInterval: false as const };
  const layers = useQuery({ ...layersDocument(), ...often, enabled }).data;
  const groups = useMemo(() => grouped(findings ?? [], { heap, search }), [findings, heap, search]);
  const ground = useMemo(() => {
    if (!status || !communities || !largeGrids || !findings || !builds || !layers) return null;
    const areas = [...communities, ...largeGrids];
    return {
      status,
      communities,
      largeGrids,
      findings,
      groups,
      builds,
      stamp: `${stampOf(builds, findings)}.${layers.size}.${edition}`,
      layers,
      areaByCode: new Map(areas.map((a) => [a.code, a])),
      box: union([layers.get("community") ?? null, layers.get("large_grid") ?? null]),
    };
  }, [status, communities, largeGrids, findings, groups, builds, layers, edition]);
  useNewGround(ground?.stamp);
  return ground;
}

/** Every build of the ground leaves a higher number behind, on this page or from the command line. */
function stampOf(builds: readonly Build[], findings: readonly GroundFinding[]): string {
  const built = builds.find((b) => b.state === "done" && !b.dry_run)?.id ?? 0;
  return `${built}.${findings.reduce((most, f) => Math.max(most, f.id), 0)}`;
}

/** Reads anew what hangs on the ground when it has changed. */
function useNewGround(stamp: string | undefined): void {
  const last = useRef(stamp);
  useEffect(() => {
    if (stamp === undefined || stamp === last.current) return;
    const changed = last.current !== undefined;
    last.current = stamp;
    if (!changed) return;
    for (const of of ["status", "areas", "basebook", "density", "plans"])
      void documents.invalidateQueries({ queryKey: [of] });
    for (const of of ["findings", "layers"]) void documents.invalidateQueries({ queryKey: ["ground", of] });
  }, [stamp]);
}

import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { blocksDocument, gridsDocument, planDocument, plansDocument } from "../api/documents";
import { type Assignment, assigned, assignmentOf, type Ground, groundOf, sameGround } from "../core/assignment";
import type { BlockIndex, Grid, GridNo, Parent, Plan, PlanDetail } from "../core/contract";
import type { Rules } from "../core/limits";
import { liveGrids } from "../core/live";
import { outbox } from "../state/outbox";
import { preferences } from "../state/preferences";
import { layDown } from "../state/toolbox";
import { choose, workspace } from "../state/workspace";
import { useLiveWords } from "./tools/words";

// What the service takes where a recipe names none.
const usualTolerance = 0.05;

/** Drawn is a plan with a result, with everything needed to show and change it. */
export interface Drawn {
  readonly plan: PlanDetail;
  readonly nameTag: string;
  readonly revision: number;
  /** As the service has them, and with what it has not answered yet counted in. */
  readonly grids: readonly Grid[];
  readonly byNo: ReadonlyMap<GridNo, Grid>;
  readonly parents: ReadonlyMap<string, Parent>;
  /** The balanced measures, first the one sentences speak of. */
  readonly balanced: readonly string[];
  /** How far from the average a grid may be, as a fraction. */
  readonly tolerance: number;
  readonly rules: Rules;
  /** Blocks that are locked by themselves. */
  readonly locked: ReadonlySet<BlockIndex>;
  readonly ground: Ground;
  readonly at: Assignment;
  /** The assignment with moves the service has not answered yet. */
  readonly wished: Assignment;
}

/** Returns the open plan as the list of plans has it, undefined while there is none. */
export function useOpenPlan(): Plan | undefined {
  const language = useStore(preferences, (p) => p.language);
  const id = useStore(workspace, (w) => w.plan);
  const plans = useQuery(plansDocument(language)).data;
  return plans?.find((p) => p.id === id);
}

/** Keeps chosen blocks chosen when a cut, of anybody, has given blocks other places in the list; what is half done is laid down then. */
function useKeptChoice(ground: Ground | null): void {
  const seen = useRef<Ground | null>(null);
  useLayoutEffect(() => {
    const before = seen.current;
    seen.current = ground;
    if (!before || !ground || before === ground) return;
    layDown();
    const { choice } = workspace.getState();
    if (choice.blocks.length === 0) return;
    const blocks = choice.blocks.flatMap((b) => ground.indexOfId.get(before.blocks.id[b] as number) ?? []);
    const all = blocks.length === choice.blocks.length;
    choose(all ? { ...choice, blocks } : { ...choice, blocks: [], target: null });
  }, [ground]);
}

/** Returns the open plan with its grids and blocks once all of it has been read, null before and when it has no result. */
export function useDrawn(): Drawn | null {
  const language = useStore(preferences, (p) => p.language);
  const letters = useStore(outbox, (o) => o.letters);
  const words = useLiveWords();
  const open = useOpenPlan();
  const id = open?.id ?? "";
  const enabled = open?.state === "draft";
  const detail = useQuery({ ...planDocument(id, language), enabled }).data;
  const grids = useQuery({ ...gridsDocument(id, language), enabled }).data;
  const blocks = useQuery({ ...blocksDocument(id), enabled }).data;

  const lastGround = useRef<Ground | null>(null);
  const ground = useMemo(() => {
    if (!blocks) return null;
    const last = lastGround.current;
    const same = last !== null && sameGround(last.blocks, blocks);
    lastGround.current = same ? last : groundOf(blocks);
    return lastGround.current;
  }, [blocks]);
  useKeptChoice(ground);
  const at = useMemo(() => (blocks ? assignmentOf(blocks) : null), [blocks]);
  const wished = useMemo(() => {
    if (!at) return null;
    return letters.reduce((all, { plan, shown }) => {
      if (plan !== id || !shown) return all;
      const blocks = shown.blocks.flatMap((code) => ground?.indexOfCode.get(code) ?? []);
      return assigned(all, blocks, shown.to);
    }, at);
  }, [at, ground, letters, id]);

  return useMemo(() => {
    if (!enabled || !detail || !grids || !blocks || !ground || !at || !wished) return null;
    const tolerance = detail.plan.recipe.tolerance ?? usualTolerance;
    const balanced = detail.plan.recipe.balance.map((b) => b.measure);
    const band = detail.plan.recipe.band;
    const rules = { balanced, tolerance, band: band && band.measure in blocks.loads ? band : undefined };
    const live = liveGrids(ground, at, wished, grids.grids, rules, (grid, ideals) => words(rules, grid, ideals));
    return {
      plan: detail.plan,
      nameTag: detail.nameTag,
      revision: blocks.revision,
      grids: live,
      byNo: new Map(live.map((g) => [g.no, g])),
      parents: new Map(detail.plan.per_parent.map((p) => [p.code, p])),
      tolerance,
      balanced,
      rules,
      locked: new Set(blocks.locks.blocks.flatMap((code) => ground.indexOfCode.get(code) ?? [])),
      ground,
      at,
      wished,
    };
  }, [enabled, detail, grids, blocks, ground, at, wished, words]);
}

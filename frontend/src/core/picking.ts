import type { BlockIndex, GridNo } from "./contract";

/** Choice is what the planner has picked so far: a grid, blocks of it, and the grid they are to go to. */
export interface Choice {
  readonly grid: GridNo | null;
  readonly blocks: readonly BlockIndex[];
  readonly target: GridNo | null;
}

export const nothing: Choice = { grid: null, blocks: [], target: null };

/** Pick is a place on the map the planner clicked: the grid there, and the block where blocks are large enough to be meant. */
export interface Pick {
  readonly grid: GridNo | null;
  readonly block: BlockIndex | null;
}

/**
 * Returns the choice after a click. The first click takes a grid; further clicks inside it take and release blocks; with
 * blocks in hand, a click on a grid they could join makes it the target, and any other grid starts anew.
 */
export function picked(choice: Choice, pick: Pick, targets: readonly GridNo[]): Choice {
  if (pick.grid === null) return choice.target === null && choice.blocks.length === 0 ? nothing : choice;
  if (pick.grid === choice.grid) return pick.block === null ? choice : toggled(choice, pick.block);
  if (choice.blocks.length > 0 && targets.includes(pick.grid)) return { ...choice, target: pick.grid };
  return { grid: pick.grid, blocks: [], target: null };
}

/** Returns the choice with a block taken or, when it was already, released. The target has to be chosen anew. */
export function toggled(choice: Choice, block: BlockIndex): Choice {
  const blocks = choice.blocks.includes(block) ? choice.blocks.filter((b) => b !== block) : [...choice.blocks, block];
  return { ...choice, blocks, target: null };
}

/** Returns the choice one step back: without the target, then without the blocks, then without the grid. */
export function steppedBack(choice: Choice): Choice {
  if (choice.target !== null) return { ...choice, target: null };
  if (choice.blocks.length > 0) return { ...choice, blocks: [] };
  return nothing;
}

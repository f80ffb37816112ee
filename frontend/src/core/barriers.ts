/** What runs along a border between two blocks, from the hardest to cross to nothing at all: the order of the legend. */
export const barriers = ["river", "railway", "trunk", "street", "lane", "wall", "none"] as const;
export type Barrier = (typeof barriers)[number];

/** Stroke is how a barrier is drawn: told apart by its colour, and without it by its width and dashes. */
export interface Stroke {
  readonly colour: string;
  /** Pixels at a zoom at which single houses are seen. */
  readonly width: number;
  /** Dashes and gaps in multiples of the width, none for a full line. */
  readonly dashes: readonly number[];
}

/** Okabe and Ito's colours where they are dark enough to be seen on the ground, as the palette of grids; a test keeps them apart. */
export const strokes: Record<Barrier, Stroke> = {
  river: { colour: "#0072b2", width: 4, dashes: [] },
  railway: { colour: "#2b2b2b", width: 3.2, dashes: [2.2, 1.2] },
  trunk: { colour: "#a83f00", width: 3.6, dashes: [] },
  street: { colour: "#b88a2e", width: 2.2, dashes: [] },
  lane: { colour: "#7b6a4f", width: 1.6, dashes: [3, 1.6] },
  wall: { colour: "#a8447d", width: 2.4, dashes: [4, 1.2, 0.8, 1.2] },
  none: { colour: "#6d7a87", width: 1.2, dashes: [1, 2] },
};

/** Border is a stretch of border as the map has it. */
export interface Border {
  readonly barrier: string;
  readonly name: string;
  readonly walk: boolean;
}

export function isBarrier(word: string): word is Barrier {
  return (barriers as readonly string[]).includes(word);
}

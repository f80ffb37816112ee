import { expect, test } from "vitest";
import { barriers, strokes } from "./barriers";
import { contrast, eyes, type Matrix, nearest } from "./eyes.fixture";

const ground = "#efece3"; // what borders are drawn on
const dashesOf = (b: (typeof barriers)[number]) => strokes[b].dashes.join(" ");
const pairs = barriers.flatMap((a, i) => barriers.slice(i + 1).map((b) => [a, b] as const));

test.each(pairs)("%s and %s are told apart by their dashes, or by their colours to every eye", (a, b) => {
  if (dashesOf(a) !== dashesOf(b)) return;
  for (const [name, eye] of Object.entries(eyes)) {
    expect(nearest([strokes[a].colour, strokes[b].colour], eye as Matrix), name).toBeGreaterThan(0.1);
  }
});

test.each(barriers)("%s is seen on the ground", (barrier) => {
  expect(contrast(ground, strokes[barrier].colour)).toBeGreaterThan(2.5);
});

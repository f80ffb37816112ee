/** Small pictures the map repeats over water, parks, railways and open land, so that they are known without colour too. */

export interface Pattern {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

// Drawn twice as large as shown, for sharp screens.
export const patternPixelRatio = 2;

function draw(side: number, paint: (pen: CanvasRenderingContext2D) => void): Pattern {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return { width: side, height: side, data: new Uint8ClampedArray(side * side * 4) };
  paint(pen);
  return pen.getImageData(0, 0, side, side);
}

function wave(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.quadraticCurveTo(x + 5, y - 5, x + 10, y);
  pen.quadraticCurveTo(x + 15, y + 5, x + 20, y);
  pen.stroke();
}

function dot(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** The patterns by the kind of block they lie on. */
export const patterns: Record<string, () => Pattern> = {
  water: () =>
    draw(48, (pen) => {
      pen.fillStyle = "rgba(186, 215, 233, 0.86)";
      pen.fillRect(0, 0, 48, 48);
      pen.strokeStyle = "rgba(84, 134, 170, 0.5)";
      pen.lineWidth = 2;
      wave(pen, 3, 13);
      wave(pen, 26, 37);
    }),
  park: () =>
    draw(32, (pen) => {
      pen.fillStyle = "rgba(203, 224, 186, 0.72)";
      pen.fillRect(0, 0, 32, 32);
      pen.fillStyle = "rgba(86, 132, 78, 0.55)";
      dot(pen, 8, 8, 2.6);
      dot(pen, 24, 24, 2.6);
    }),
  railway: () =>
    draw(16, (pen) => {
      pen.fillStyle = "rgba(206, 205, 202, 0.72)";
      pen.fillRect(0, 0, 16, 16);
      pen.strokeStyle = "rgba(80, 80, 84, 0.55)";
      pen.lineWidth = 2;
      for (const shift of [-16, 0, 16]) {
        pen.beginPath();
        pen.moveTo(shift, 16);
        pen.lineTo(shift + 16, 0);
        pen.stroke();
      }
    }),
  open: () =>
    draw(28, (pen) => {
      pen.fillStyle = "rgba(246, 243, 232, 0.42)";
      pen.fillRect(0, 0, 28, 28);
      pen.fillStyle = "rgba(130, 118, 84, 0.34)";
      dot(pen, 7, 7, 1.5);
      dot(pen, 21, 21, 1.5);
    }),
};

const wash = (colour: string, paint: (pen: CanvasRenderingContext2D) => void) => () =>
  draw(32, (pen) => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 32, 32);
    paint(pen);
  });

const slant = (pen: CanvasRenderingContext2D, colour: string, way: 1 | -1) => {
  pen.strokeStyle = colour;
  pen.lineWidth = 3;
  for (const shift of [-32, -16, 0, 16, 32]) {
    pen.beginPath();
    pen.moveTo(shift, way > 0 ? 32 : 0);
    pen.lineTo(shift + 32, way > 0 ? 0 : 32);
    pen.stroke();
  }
};

/** The patterns of what a community's data lack, under `state-` and the state. */
export const statePatterns: Record<string, () => Pattern> = {
  "state-ready": wash("rgba(70, 150, 100, 0.16)", () => undefined),
  "state-uncounted": wash("rgba(214, 150, 40, 0.16)", (pen) => {
    pen.fillStyle = "rgba(150, 92, 0, 0.6)";
    for (const [x, y] of [
      [8, 8],
      [24, 24],
    ] as const)
      dot(pen, x, y, 3);
  }),
  "state-behind": wash("rgba(60, 120, 190, 0.14)", (pen) => slant(pen, "rgba(27, 94, 155, 0.5)", 1)),
  "state-unbuilt": wash("rgba(90, 90, 100, 0.14)", (pen) => {
    slant(pen, "rgba(70, 70, 80, 0.45)", 1);
    slant(pen, "rgba(70, 70, 80, 0.45)", -1);
  }),
};

/** Slanted lines over grids that need a planner's eye: seen without colour, and on a grey print. */
export const hatch = () =>
  draw(20, (pen) => {
    pen.strokeStyle = "rgba(70, 50, 58, 0.75)";
    pen.lineWidth = 2.4;
    for (const shift of [-20, 0, 20]) {
      pen.beginPath();
      pen.moveTo(shift, 20);
      pen.lineTo(shift + 20, 0);
      pen.stroke();
    }
  });

/** Crossed lines over what is locked. */
export const locked = () =>
  draw(24, (pen) => {
    pen.strokeStyle = "rgba(29, 44, 59, 0.42)";
    pen.lineWidth = 1.6;
    for (const shift of [-24, 0, 24]) {
      pen.beginPath();
      pen.moveTo(shift, 24);
      pen.lineTo(shift + 24, 0);
      pen.moveTo(shift, 0);
      pen.lineTo(shift + 24, 24);
      pen.stroke();
    }
  });

/** A padlock, for the label of a locked grid. */
export const padlock = () =>
  draw(32, (pen) => {
    pen.lineWidth = 3;
    pen.strokeStyle = "#1d2c3b";
    pen.fillStyle = "#1d2c3b";
    pen.beginPath();
    pen.arc(16, 13, 6, Math.PI, 0);
    pen.stroke();
    pen.beginPath();
    pen.roundRect(6, 13, 20, 14, 3);
    pen.fill();
    pen.fillStyle = "#ffffff";
    dot(pen, 16, 19, 2.2);
  });

/** The kinds that have a pattern, in the order of the legend. */
export const patternKinds = ["water", "park", "railway", "open"] as const;

import { useEffect, useMemo, useRef } from "react";
import { squaresOf } from "../../core/comparison";
import type { Blocks } from "../../core/contract";

interface Props {
  readonly blocks: Blocks;
  readonly colours: ReadonlyMap<number, string>;
  readonly label: string;
  /** The code of a large grid, if only that one is shown. */
  readonly scope?: string | undefined;
}

const width = 320; // of the picture, twice what is shown

/** A plan as a stamp: its blocks as squares in the colours of their grids. */
export function MiniMap({ blocks, colours, label, scope }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { squares, ratio } = useMemo(() => squaresOf(blocks, scope), [blocks, scope]);
  const height = Math.round(width * Math.min(1.4, Math.max(0.5, ratio)));
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, width, height);
    for (const { id, x, y, side } of squares) {
      pen.fillStyle = colours.get(id) ?? "#e9e6dd";
      const size = Math.max(2, side * width * 1.06);
      pen.fillRect(x * width - size / 2, y * height - size / 2, size, size);
    }
  }, [squares, colours, height]);
  return <canvas ref={canvas} className="mini-map" width={width} height={height} role="img" aria-label={label} />;
}

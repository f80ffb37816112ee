import { queryOptions } from "@tanstack/react-query";
import type { Box, LonLat } from "../core/contract";
import { home } from "./address";
import { Refused } from "./client";

/** Street is a road, river or railway with a name, in the pieces it was imported in. */
export interface Street {
  readonly layer: "road" | "water" | "railway";
  readonly name: string;
  readonly lines: readonly (readonly LonLat[])[];
}

interface Item {
  readonly properties: { readonly name?: string };
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
}

const layers = ["road", "water", "railway"] as const;

/** The named lines that come near a box. */
export const streetsDocument = (box: Box) =>
  queryOptions({
    queryKey: ["streets", ...box],
    queryFn: async ({ signal }): Promise<Street[]> => {
      const all = await Promise.all(
        layers.map(async (layer) => {
          const query = new URLSearchParams({ bbox: box.join(","), limit: "1000", f: "json" });
          const answer = await fetch(`${home}ogc/collections/${layer}/items?${query}`, { signal });
          if (answer.status === 404) return [];
          if (!answer.ok) throw new Refused(answer.status, {});
          const { features } = (await answer.json()) as { features: Item[] };
          return features.map((f) => ({ layer, name: f.properties.name ?? "", lines: linesOf(f.geometry) }));
        }),
      );
      const byName = new Map<string, Street>();
      for (const { layer, name, lines } of all.flat()) {
        if (name === "" || lines.length === 0) continue;
        const known = byName.get(`${layer} ${name}`);
        byName.set(`${layer} ${name}`, { layer, name, lines: [...(known?.lines ?? []), ...lines] });
      }
      return [...byName.values()];
    },
  });

/** The outlines and holes of a grid as it stands, for what runs through it. */
export const outlineDocument = (plan: string, code: string, revision: number) =>
  queryOptions({
    queryKey: ["plan", plan, "outline", code, revision],
    queryFn: async ({ signal }): Promise<LonLat[][]> => {
      const query = new URLSearchParams({ code, f: "json" });
      const answer = await fetch(`${home}ogc/collections/grids-${encodeURIComponent(plan)}/items?${query}`, { signal });
      if (!answer.ok) throw new Refused(answer.status, {});
      const { features } = (await answer.json()) as { features: Item[] };
      return features.flatMap(({ geometry }) =>
        geometry?.type === "Polygon"
          ? (geometry.coordinates as LonLat[][])
          : geometry?.type === "MultiPolygon"
            ? (geometry.coordinates as LonLat[][][]).flat()
            : [],
      );
    },
  });

function linesOf(geometry: Item["geometry"]): LonLat[][] {
  switch (geometry?.type) {
    case "LineString":
      return [geometry.coordinates as LonLat[]];
    case "MultiLineString":
      return geometry.coordinates as LonLat[][];
    default:
      return [];
  }
}

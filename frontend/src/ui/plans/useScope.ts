import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { areasDocument } from "../../api/documents";
import type { Plan } from "../../core/contract";
import { useSpeaker } from "../language";

/** Returns what a plan was made for, in words: everything, or the name of an area. */
export function useScope(): (plan: Plan) => string {
  const { say, nameOf } = useSpeaker();
  const communities = useQuery(areasDocument("community")).data;
  const largeGrids = useQuery(areasDocument()).data;
  const areas = useMemo(
    () => new Map([...(communities ?? []), ...(largeGrids ?? [])].map((a) => [a.code, a])),
    [communities, largeGrids],
  );
  return useCallback(
    ({ recipe }) => {
      const area = areas.get(recipe.scope);
      if (area) return nameOf(area);
      return recipe.scope === "all" ? say("plans.scope.all") : recipe.scope;
    },
    [areas, say, nameOf],
  );
}

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useStore } from "zustand";
import { outlineDocument, streetsDocument } from "../../api/streets";
import { boxOf } from "../../core/box";
import type { Grid, LonLat } from "../../core/contract";
import { halves, noCut } from "../../core/cutting";
import { across } from "../../core/streets";
import { toolbox } from "../../state/toolbox";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

/** The streets and waters that run through a grid, to cut it by one of them without the map. */
export function Streets({ drawn, grid }: { readonly drawn: Drawn; readonly grid: Grid }) {
  const { say, count } = useSpeaker();
  const street = useStore(toolbox, (t) => t.street);
  const box = boxOf(grid.bbox);
  const all = useQuery({ ...streetsDocument(box ?? [0, 0, 0, 0]), enabled: box !== null }).data;
  const { plan, revision, ground, wished, balanced } = drawn;
  const rings = useQuery(outlineDocument(plan.id, grid.code, revision)).data;
  const measure = balanced[0] ?? "";
  const through = useMemo(() => {
    const found: { name: string; line: LonLat[]; left: number; right: number }[] = [];
    for (const { name, lines } of rings ? (all ?? []) : []) {
      const line = across(lines, rings ?? []);
      const both = line && halves(ground, wished, grid.no, line);
      if (!both || both[0].blocks.length === 0 || both[1].blocks.length === 0) continue;
      found.push({ name, line, left: both[0].loads[measure] ?? 0, right: both[1].loads[measure] ?? 0 });
    }
    return found.sort((a, b) => Math.min(b.left, b.right) - Math.min(a.left, a.right));
  }, [all, rings, ground, wished, grid.no, measure]);
  if (!all || !rings) return null;
  if (through.length === 0) return <p className="muted hint">{say("cut.noStreets")}</p>;
  return (
    <label className="streets">
      {say("cut.street")}
      <select
        value={through.findIndex((s) => s.line === street)}
        onChange={(e) =>
          toolbox.setState({ street: through[Number(e.target.value)]?.line ?? null, cut: noCut, next: null })
        }
      >
        <option value={-1}>{say("cut.street.choose")}</option>
        {through.map((s, i) => (
          <option key={s.name} value={i}>
            {`${s.name} · ${count(s.left)} | ${count(s.right)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

import { useQuery } from "@tanstack/react-query";
import { hitsDocument } from "../../api/plans";
import { boxOf, pointOf } from "../../core/box";
import type { Hit } from "../../core/contract";
import { look, openGrid } from "../../state/workspace";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";

interface Props {
  readonly drawn: Drawn;
  readonly search: string;
  /** Whether the list itself has nothing that goes by the text. */
  readonly lost: boolean;
}

/** What else of the plan goes by a text: buildings, compounds, organisations, blocks, areas by their full path. */
export function Hits({ drawn, search, lost }: Props) {
  const { say, language, nameOf } = useSpeaker();
  const hits = useQuery(hitsDocument(drawn.plan.id, search.trim(), language)).data;
  const shown = hits?.filter((h) => lost || (h.kind !== "grid" && h.kind !== "area"));
  if (!shown || shown.length === 0) return null;
  const go = ({ grid, at, bbox }: Hit) => {
    const box = boxOf(bbox);
    const place = pointOf(at);
    if (grid !== null) openGrid(grid, box);
    else if (box) look({ box });
    if (place) look({ at: place, zoom: 16 });
  };
  return (
    <section className="hits" aria-label={say("list.hits")}>
      <ul>
        {shown.slice(0, 30).map((h) => (
          <li key={`${h.kind} ${h.code}`}>
            <button type="button" className="row hit" onClick={() => go(h)} data-hit={h.kind}>
              <span className="chip">{say(`hit.${h.kind}`)}</span>
              <span className="row-name">{h.name ? nameOf(h) : h.code}</span>
              <span className="row-words">
                {h.path} {h.grid !== null && h.kind !== "grid" && nameOf(drawn.byNo.get(h.grid) ?? h)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

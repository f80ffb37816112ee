import { useState } from "react";
import { placePosts, propose } from "../../api/people";
import type { PlanStaff, StaffPost } from "../../core/contract";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import type { Drawn } from "../usePlan";
import { PostLine } from "./StaffedGrids";
import { putOn } from "./useDropOnMap";

interface Props {
  readonly drawn: Drawn;
  readonly staff: PlanStaff;
}

/** Posts that are on no grid yet: to be dragged onto the map or a row, put there by the list, or as proposed. */
export function Unplaced({ drawn, staff }: Props) {
  const speaker = useSpeaker();
  const { say, count } = speaker;
  const [proposal, setProposal] = useState<Awaited<ReturnType<typeof propose>> | null>(null);
  const ask = () => void propose(drawn.plan.id).then(setProposal, (fault) => tellFault(fault, speaker));
  const take = async () => {
    const byPost = new Map<number, { post: number; version: number; grids: string[] }>();
    for (const { post, version, grid } of proposal?.placings ?? []) {
      byPost.set(post, { post, version, grids: [...(byPost.get(post)?.grids ?? []), grid] });
    }
    try {
      await placePosts(drawn.plan.id, [...byPost.values()]);
      tell("done", say("people.proposal.taken", { n: byPost.size }));
      setProposal(null);
    } catch (fault) {
      tellFault(fault, speaker);
    }
  };
  return (
    <div className="people-scroll">
      <section className="people-pad">
        <p className="muted">{say(staff.unplaced.length > 0 ? "people.unplaced.words" : "people.unplaced.none")}</p>
        {staff.unplaced.length > 0 && (
          <button type="button" className="small" onClick={ask} data-propose>
            {say("people.propose")}
          </button>
        )}
        {proposal && (
          <section data-proposal>
            <p className="muted">{proposal.method}</p>
            <ul>
              {proposal.placings.map((p) => (
                <li key={`${p.post} ${p.grid}`}>
                  {say("people.proposal.one", { name: p.name, grid: p.grid, n: count(p.households) })}
                  {p.over && <span className="chip warn">{say("people.overloaded")}</span>}
                </li>
              ))}
            </ul>
            {proposal.placings.length === 0 && <p>{say("people.proposal.none")}</p>}
            {proposal.placings.length > 0 && (
              <button type="button" className="small" onClick={() => void take()} data-take>
                {say("people.proposal.take")}
              </button>
            )}
          </section>
        )}
      </section>
      <datalist id="people-grids">
        {staff.grids.map((g) => (
          <option key={g.no} value={g.code}>
            {[g.parent, g.name, g.short > 0 && say("people.shortOf", { n: g.short })].filter(Boolean).join(" ")}
          </option>
        ))}
      </datalist>
      <ul className="people-posts">
        {staff.unplaced.map((p) => (
          <PostLine key={p.id} drawn={drawn} post={p}>
            <PlaceBy drawn={drawn} post={p} />
          </PostLine>
        ))}
      </ul>
    </div>
  );
}

/** The way without the map: a grid chosen from a list, by its code or its name. */
function PlaceBy({ drawn, post }: { readonly drawn: Drawn; readonly post: StaffPost }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const name = post.name || post.label;
  return (
    <input
      className="people-place"
      list="people-grids"
      aria-label={say("people.placeOn", { name })}
      placeholder={say("people.place")}
      onChange={(e) => {
        const grid = drawn.grids.find((g) => g.code === e.target.value.trim());
        if (grid) void putOn(drawn, { post: post.id, version: post.version, name }, grid.code, speaker);
      }}
    />
  );
}

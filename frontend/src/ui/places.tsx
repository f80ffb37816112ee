import type { Plan } from "../core/contract";
import type { Sheet } from "../state/address";
import { useSpeaker } from "./language";
import { People } from "./people/People";
import { Results } from "./results/Results";
import { Review } from "./review/Review";
import { Loading, Unfinished } from "./states";
import type { Drawn } from "./usePlan";

/** The places of the page beside the base book and the plan itself. */
export type Place = Exclude<Sheet, "ground" | "plan">;

const places = { review: Review, people: People, results: Results };

interface Props {
  readonly place: Place;
  readonly open: Plan | undefined;
  readonly drawn: Drawn | null;
}

/** The panel of a place: what it has to say of the plan that is open, or in words why there is nothing yet. */
export function PlacePanel({ place, open, drawn }: Props) {
  const { say } = useSpeaker();
  const Shown = places[place];
  return (
    <aside className="panel" id="panel" tabIndex={-1} aria-label={say(`sheet.${place}`)} data-place={place}>
      {!open && (
        <section className="panel-state">
          <h2>{say(`${place}.none`)}</h2>
          <p>{say(`${place}.none.words`)}</p>
        </section>
      )}
      {open && open.state !== "draft" && <Unfinished plan={open} />}
      {open?.state === "draft" && !drawn && <Loading />}
      {drawn && <Shown key={drawn.plan.id} drawn={drawn} />}
    </aside>
  );
}

import { useQuery } from "@tanstack/react-query";
import { editsDocument } from "../api/documents";
import { sendNow } from "../api/edits";
import { pointOf } from "../core/box";
import type { Edit, PlanDetail } from "../core/contract";
import { tell } from "../state/notices";
import { look } from "../state/workspace";
import { tellFault } from "./actions";
import { useSpeaker } from "./language";
import { Loading } from "./states";

/** Every change of the plan, newest first: what, who, when and where; and the way back to any of them. */
export function History({ plan }: { readonly plan: PlanDetail }) {
  const { say, language } = useSpeaker();
  const edits = useQuery(editsDocument(plan.id, language)).data;
  if (!edits) return <Loading />;
  return (
    <section className="list" aria-label={say("tab.history")}>
      <ol className="history">
        {edits.map((edit) => (
          <Entry key={edit.revision} edit={edit} plan={plan} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ edit, plan }: { readonly edit: Edit; readonly plan: PlanDetail }) {
  const speaker = useSpeaker();
  const { say, moment } = speaker;
  const { revision } = edit;
  const place = pointOf(edit.place);
  const back = async () => {
    try {
      await sendNow(plan.id, { kind: "restore", revision });
      tell("done", say("history.backDone", { n: String(revision) }));
    } catch (fault) {
      tellFault(fault, speaker);
    }
  };
  return (
    <li data-revision={revision}>
      <span className="muted number">{say("history.revision", { n: String(revision) })}</span>
      <span>{edit.words}</span>
      <span className="history-foot muted">
        <time dateTime={edit.at}>{moment(edit.at)}</time>
        {edit.by && <span>{edit.by}</span>}
        {place && (
          <button type="button" className="quiet small" onClick={() => look({ at: place, zoom: 14.5 })}>
            {say("history.go")}
          </button>
        )}
        {revision === plan.revision ? (
          <span className="chip">{say("history.now")}</span>
        ) : (
          !plan.archived && (
            <button
              type="button"
              className="quiet small"
              aria-label={`${say("history.back")}: ${say("history.revision", { n: String(revision) })}`}
              onClick={() => void back()}
              data-back
            >
              {say("history.back")}
            </button>
          )
        )}
      </span>
    </li>
  );
}

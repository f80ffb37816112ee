import { useQuery } from "@tanstack/react-query";
import { editsDocument } from "../api/documents";
import { useSpeaker } from "./language";
import { Loading } from "./states";

/** Every change of the plan, newest first. */
export function History({ plan }: { readonly plan: string }) {
  const { say, moment, language } = useSpeaker();
  const edits = useQuery(editsDocument(plan, language)).data;
  if (!edits) return <Loading />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: nothing in it takes the focus, and the keyboard has to scroll it
    <section className="list" tabIndex={0} aria-label={say("tab.history")}>
      <ol className="history">
        {edits.map((edit) => (
          <li key={edit.revision}>
            <span className="muted number">{say("history.revision", { n: String(edit.revision) })}</span>
            <span>{edit.words}</span>
            <time className="muted" dateTime={edit.at}>
              {moment(edit.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useStore } from "zustand";
import { addComment, commentsDocument, deleteComment, resolveComment } from "../../api/plans";
import type { NewComment, PlanComment } from "../../core/contract";
import { neighboursOf } from "../../core/cutting";
import { tell } from "../../state/notices";
import { preferences } from "../../state/preferences";
import { workspace } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";
import { middleOf } from "./CommentPins";
import { goToComment } from "./goToComment";

/** What colleagues have to say of places of the plan: written at the chosen grid, one of its borders or the middle of the map. */
export function Comments({ drawn }: { readonly drawn: Drawn }) {
  const { say, language } = useSpeaker();
  const [all, setAll] = useState(false);
  const comments = useQuery(commentsDocument(drawn.plan.id, language)).data;
  const shown = comments?.filter((c) => all || c.resolved_at === null);
  return (
    <>
      <Write key={drawn.plan.id} drawn={drawn} />
      <div className="list-tools">
        <fieldset className="segments" aria-label={say("comments.show")}>
          {[false, true].map((which) => (
            <button key={String(which)} type="button" aria-pressed={all === which} onClick={() => setAll(which)}>
              {say(which ? "comments.all" : "comments.open")}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="list">
        {!shown && <Loading />}
        {shown?.length === 0 && (
          <div className="panel-state">
            <h2>{say("comments.none")}</h2>
            <p>{say("comments.none.words")}</p>
          </div>
        )}
        <ul className="comments">
          {shown?.map((c) => (
            <Comment key={c.id} comment={c} drawn={drawn} />
          ))}
        </ul>
      </div>
    </>
  );
}

function Comment({ comment, drawn }: { readonly comment: PlanComment; readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, moment } = speaker;
  const by = useStore(preferences, (p) => p.by);
  const { id, grid, other, text, words, resolved_at: resolved } = comment;
  const place = grid
    ? other
      ? say("comments.on.border", { grid: grid.called, other: other.called })
      : grid.called
    : say("comments.point");
  const act = (does: Promise<void>) => void does.catch((fault) => tellFault(fault, speaker));
  return (
    <li className={resolved === null ? "comment" : "comment settled"} data-comment={id}>
      <button type="button" className="row comment-place" data-row onClick={() => goToComment(comment, drawn)}>
        <span className="comment-pin" aria-hidden="true" />
        <span className="row-name">{place}</span>
        {resolved !== null && <span className="chip good">{say("comments.resolved")}</span>}
        <span className="comment-text">{text}</span>
      </button>
      {words && <p className="warning hint">{words}</p>}
      <p className="muted comment-foot">
        <span>
          {comment.by && `${comment.by} · `}
          <time dateTime={comment.made_at}>{moment(comment.made_at)}</time> ·{" "}
          {say("comments.revision", { n: String(comment.revision) })}
        </span>
        <button
          type="button"
          className="quiet small"
          onClick={() => act(resolveComment(drawn.plan.id, id, resolved === null, by))}
        >
          {say(resolved === null ? "comments.resolve" : "comments.reopen")}
        </button>
        {resolved !== null && (
          <button type="button" className="quiet small" onClick={() => act(deleteComment(drawn.plan.id, id))}>
            {say("comments.delete")}
          </button>
        )}
      </p>
    </li>
  );
}

function Write({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const by = useStore(preferences, (p) => p.by);
  const [text, setText] = useState("");
  const [place, setPlace] = useState("grid");
  const [sending, setSending] = useState(false);
  const grid = chosen === null ? undefined : drawn.byNo.get(chosen);
  const beside = grid
    ? neighboursOf(drawn.ground, drawn.wished, grid.no).flatMap((no) => drawn.byNo.get(no) ?? [])
    : [];
  const other = beside.find((g) => g.code === place);
  const at = (): Partial<NewComment> => {
    if (grid && place !== "point") return { grid: grid.code, ...(other ? { other: other.code } : {}) };
    const middle = middleOf();
    return middle ? { at: [...middle] } : {};
  };
  const send = async (e: FormEvent) => {
    e.preventDefault();
    setSending(true);
    try {
      await addComment(drawn.plan.id, { text, by, ...at() });
      setText("");
      tell("done", say("comments.sent"));
    } catch (fault) {
      tellFault(fault, speaker);
    }
    setSending(false);
  };
  return (
    <form className="comment-new" onSubmit={send}>
      <div className="field-row">
        <label className="field">
          <span>{say("comments.on")}</span>
          <select value={grid ? place : "point"} onChange={(e) => setPlace(e.target.value)}>
            {grid && <option value="grid">{say("comments.on.grid", { grid: nameOf(grid) })}</option>}
            {grid &&
              beside.map((g) => (
                <option key={g.no} value={g.code}>
                  {say("comments.on.border", { grid: nameOf(grid), other: nameOf(g) })}
                </option>
              ))}
            <option value="point">{say("comments.on.point")}</option>
          </select>
        </label>
        <label className="field">
          <span>{say("comments.by")}</span>
          <input value={by} maxLength={60} onChange={(e) => preferences.setState({ by: e.target.value })} />
        </label>
      </div>
      <label className="field">
        <span>{say("comments.text")}</span>
        <textarea value={text} rows={2} maxLength={2000} onChange={(e) => setText(e.target.value)} />
      </label>
      <button type="submit" className="primary small" disabled={sending || text.trim() === ""} data-comment-send>
        {say("comments.send")}
      </button>
    </form>
  );
}

import { columns, isLacking, isWorded, stateOf } from "../../core/basebook";
import type { BasebookRow } from "../../core/contract";
import { basebook, begin, chooseCommunity, turnPage } from "../../state/basebook";
import { openDialog } from "../../state/workspace";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import { cell, day, pathWords } from "./words";

/** The community chosen in the table: all of its row, and what can be done for it. */
export function CommunityCard({ row }: { readonly row: BasebookRow }) {
  const speaker = useSpeaker();
  const { say, nameOf, count, moment } = speaker;
  const state = stateOf(row);
  const things = () => {
    basebook.setState({ thing: null });
    turnPage("things");
  };
  return (
    <section className="detail" aria-label={say("basebook.community")} data-community-card={row.code}>
      <div className="detail-head">
        <div>
          <h2>{nameOf(row)}</h2>
          <p className="muted">
            {[pathWords(speaker, row), row.code, row.kind && say(`basebook.committee.${row.kind}`)]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <button
          type="button"
          className="quiet square"
          aria-label={say("page.close")}
          onClick={() => chooseCommunity(null)}
        >
          <CloseIcon />
        </button>
      </div>
      <div className="detail-body">
        <p className={state === "ready" ? "ledger-state" : "ledger-state warning"} role="status">
          <span className={`state-key ${state}`} />
          {say(`basebook.state.${state}`)}
        </p>
        <dl className="facts ledger-facts">
          {columns
            .filter((c) => c !== "code" && c !== "state" && c !== "households" && c !== "residents")
            .map((column) => (
              <div key={column} className={isWorded(column) ? "whole" : ""}>
                <dt>{say(`basebook.column.${column}`)}</dt>
                <dd className={isLacking(column, row) ? "lacking" : isWorded(column) ? "" : "number"}>
                  {cell(speaker, column, row)}
                  {column === "ground" && row.changed_at !== null && (
                    <small className="muted">
                      {say("basebook.ground.times", {
                        built: row.built_at === null ? "–" : moment(row.built_at),
                        changed: moment(row.changed_at),
                      })}
                    </small>
                  )}
                </dd>
              </div>
            ))}
          {row.counts.map((c) => (
            <div key={c.measure} className="whole">
              <dt>{c.label}</dt>
              <dd>
                {count(c.count)}
                <small className="muted">
                  {[
                    ...c.kinds.map((k) => `${say(`basebook.kind.${k.kind || "unsaid"}`)} ${count(k.count)}`),
                    c.newest && say("basebook.newest", { on: day(speaker, c.newest) }),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </small>
              </dd>
            </div>
          ))}
        </dl>
        <div className="ledger-actions">
          {row.ground !== "current" && (
            <button type="button" className="small" onClick={() => openDialog({ kind: "build" })}>
              {say("ground.build")}
            </button>
          )}
          <button type="button" className="small" onClick={things} data-things>
            {say("basebook.page.things")}
          </button>
          <button
            type="button"
            className="small"
            onClick={() => begin({ kind: "border", area: row.code, neighbour: "" })}
            data-border
          >
            {say("basebook.task.border")}
          </button>
        </div>
      </div>
    </section>
  );
}

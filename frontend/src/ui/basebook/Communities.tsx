import { memo, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import {
  areaStates,
  type Column,
  columns,
  isLacking,
  isWorded,
  listedRows,
  narrowColumns,
  stateOf,
  sums,
} from "../../core/basebook";
import type { BasebookRow } from "../../core/contract";
import { basebook, isSpread, orderBy } from "../../state/basebook";
import { walk } from "../GridList";
import { type Speaker, useSpeaker } from "../language";
import { SearchField } from "../SearchField";
import { goToCommunity } from "./actions";
import { cell, figure, pathWords } from "./words";

/** The table of communities: what there is of each, and what lacks. */
export function Communities({ rows }: { readonly rows: readonly BasebookRow[] }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { search, order, descending, wide } = useStore(basebook);
  const spread = useStore(basebook, isSpread);
  const chosen = useStore(basebook, (b) => b.community);
  const wished = useDeferredValue(search);
  const shown = useMemo(
    () => listedRows(rows, { search: wished, order, descending }),
    [rows, wished, order, descending],
  );
  const total = useMemo(() => sums(shown), [shown]);
  const of = spread ? columns : narrowColumns;

  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    if (chosen !== null) body.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  return (
    <>
      <div className="list-tools">
        <SearchField
          label={say("basebook.search")}
          value={search}
          onChange={(search) => basebook.setState({ search })}
        />
        <button type="button" className="small" onClick={() => basebook.setState({ wide: !wide })} data-wide={wide}>
          {say(wide ? "basebook.narrow" : "basebook.wide")}
        </button>
        <span className="muted list-count" role="status">
          {say("basebook.count", { n: shown.length })}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are a convenience, every row has a button */}
      <div className="ledger-scroll" onKeyDown={walk}>
        <table className="ledger-table">
          <caption className="hidden">{say("basebook.caption")}</caption>
          <thead>
            <tr>
              {of.map((column) => (
                <Head key={column} column={column} sorted={order === column ? descending : null} speaker={speaker} />
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((row) => (
              <Row key={row.key} row={row} of={of} chosen={row.code === chosen} speaker={speaker} />
            ))}
          </tbody>
          <tfoot>
            <tr data-totals>
              {of.map((column) => {
                if (column === "code") {
                  return (
                    <th key={column} scope="row" className="ledger-name">
                      {say("basebook.total")}
                    </th>
                  );
                }
                if (isWorded(column)) return <td key={column} />;
                return (
                  <td key={column} className="number">
                    {figure(speaker, column, total.get(column) ?? null)}
                  </td>
                );
              })}
            </tr>
          </tfoot>
        </table>
        {shown.length === 0 && <p className="list-none">{say("basebook.none")}</p>}
      </div>
      <ul className="ledger-legend" aria-label={say("basebook.states")}>
        {areaStates.map((state) => (
          <li key={state} className="ledger-state">
            <span className={`state-key ${state}`} />
            {say(`basebook.state.${state}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

interface HeadProps {
  readonly column: Column;
  /** Whether the table goes down by this column; null where it goes by another. */
  readonly sorted: boolean | null;
  readonly speaker: Speaker;
}

const Head = memo(function Head({ column, sorted, speaker }: HeadProps) {
  const side = column === "code" ? "ledger-name" : isWorded(column) ? "" : "number";
  return (
    <th
      scope="col"
      className={side}
      aria-sort={sorted === null ? "none" : sorted ? "descending" : "ascending"}
      data-column={column}
    >
      <button type="button" onClick={() => orderBy(column)}>
        {speaker.say(`basebook.column.${column}`)}
        {sorted !== null && <span aria-hidden="true">{sorted ? "▾" : "▴"}</span>}
      </button>
    </th>
  );
});

interface RowProps {
  readonly row: BasebookRow;
  readonly of: readonly Column[];
  readonly chosen: boolean;
  readonly speaker: Speaker;
}

const Row = memo(function Row({ row, of, chosen, speaker }: RowProps) {
  return (
    <tr aria-current={chosen || undefined} data-community={row.code}>
      {of.map((column) =>
        column === "code" ? (
          <th key={column} scope="row" className="ledger-name">
            <button
              type="button"
              className="ledger-open"
              data-row
              onClick={() => goToCommunity(row)}
              title={pathWords(speaker, row)}
            >
              <span>{speaker.nameOf(row)}</span>
              <small>{row.code}</small>
            </button>
          </th>
        ) : (
          <td key={column} className={`${isWorded(column) ? "" : "number"}${isLacking(column, row) ? " lacking" : ""}`}>
            {column === "state" ? (
              <span className="ledger-state">
                <span className={`state-key ${stateOf(row)}`} />
                {cell(speaker, column, row)}
              </span>
            ) : (
              cell(speaker, column, row)
            )}
          </td>
        ),
      )}
    </tr>
  );
});

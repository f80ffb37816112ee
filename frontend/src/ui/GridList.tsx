import { type KeyboardEvent, memo, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { boxOf, union } from "../core/box";
import type { Grid, Parent } from "../core/contract";
import { filters, isOut, listed, type Order, orders } from "../core/listing";
import { gridColour } from "../core/palette";
import { hover, look, openDialog, openGrid, workspace } from "../state/workspace";
import { type Speaker, useSpeaker } from "./language";
import { SearchField } from "./SearchField";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** All grids by large grid, with what each holds in words. Arrows go from row to row. */
export function GridList({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const label = useMeasures();
  const { search, filter, order } = useStore(workspace);
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const [tabStop, setTabStop] = useState<number | null>(null);
  const wished = useDeferredValue(search);
  const { grids, parents, balanced } = drawn;

  const parentNames = useMemo(
    () => new Map([...parents.values()].map((p) => [p.code, `${p.name} ${p.name_en}`])),
    [parents],
  );
  const groups = useMemo(
    () => listed(grids, { search: wished, filter, order, measures: balanced, parentNames }),
    [grids, wished, filter, order, balanced, parentNames],
  );
  const shown = groups.reduce((n, g) => n + g.grids.length, 0);
  const first = groups[0]?.grids[0]?.no;
  const stop = [tabStop, chosen].find((no) => groups.some((g) => g.grids.some((x) => x.no === no))) ?? first;

  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen !== null) list.current?.querySelector(`[data-grid="${chosen}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  return (
    <>
      <div className="list-tools">
        <SearchField label={say("list.search")} value={search} onChange={(search) => workspace.setState({ search })} />
        <fieldset className="segments" aria-label={say("list.filter")}>
          {filters.map((f) => (
            <button key={f} type="button" aria-pressed={filter === f} onClick={() => workspace.setState({ filter: f })}>
              {say(`list.filter.${f}`)}
            </button>
          ))}
        </fieldset>
        <select
          value={order}
          aria-label={say("list.order")}
          onChange={(e) => workspace.setState({ order: e.target.value as Order })}
        >
          {orders.map((o) => (
            <option key={o} value={o}>
              {say(`list.order.${o}`, { measure: label(balanced[0] ?? "") })}
            </option>
          ))}
        </select>
        <span className="muted list-count" role="status">
          {say("list.count", { n: shown })}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are a convenience, every row is a button */}
      <div className="list" ref={list} onKeyDown={walk}>
        {groups.length === 0 && (
          <p className="list-none">{say(filter === "out" && !search ? "list.none.out" : "list.none")}</p>
        )}
        {groups.map((group) => (
          <Group
            key={`${group.parent} ${group.grids[0]?.no}`}
            parent={parents.get(group.parent)}
            grids={group.grids}
            stop={group.grids.some((g) => g.no === stop) ? stop : undefined}
            chosen={group.grids.some((g) => g.no === chosen) ? chosen : null}
            speaker={speaker}
            onStop={setTabStop}
          />
        ))}
      </div>
    </>
  );
}

interface GroupProps {
  readonly parent: Parent | undefined;
  readonly grids: readonly Grid[];
  readonly stop: number | undefined;
  readonly chosen: number | null;
  readonly speaker: Speaker;
  readonly onStop: (no: number) => void;
}

const Group = memo(function Group({ parent, grids, stop, chosen, speaker, onStop }: GroupProps) {
  const { say, nameOf } = speaker;
  const name = parent ? nameOf(parent) : (grids[0]?.parent ?? "");
  const zoom = () => {
    const box = union(grids.map((g) => boxOf(g.bbox)));
    if (box) look({ box });
  };
  return (
    <section className="group">
      <div className="group-head">
        <button
          type="button"
          tabIndex={-1}
          data-row
          className="group-name"
          title={say("list.zoom", { parent: parent?.words ?? name })}
          onClick={zoom}
        >
          <span className="group-name-text">{name}</span>
          <span className="muted group-words">{parent?.words.replace(name, "").replace(/^[:：\s]+/, "")}</span>
        </button>
        <button
          type="button"
          className="quiet small"
          tabIndex={-1}
          aria-label={say("list.split.title", { parent: name })}
          title={say("list.split.title", { parent: name })}
          onClick={() => parent && openDialog({ kind: "split", scope: parent.code })}
        >
          {say("list.split")}
        </button>
      </div>
      <ul>
        {grids.map((grid) => (
          <Row
            key={grid.no}
            grid={grid}
            speaker={speaker}
            inTab={grid.no === stop}
            chosen={grid.no === chosen}
            onStop={onStop}
          />
        ))}
      </ul>
    </section>
  );
});

interface RowProps {
  readonly grid: Grid;
  readonly speaker: Speaker;
  readonly inTab: boolean;
  readonly chosen: boolean;
  readonly onStop: (no: number) => void;
}

const Row = memo(function Row({ grid, speaker, inTab, chosen, onStop }: RowProps) {
  const out = isOut(grid.verdict);
  return (
    <li>
      <button
        type="button"
        className="row"
        data-row
        data-grid={grid.no}
        tabIndex={inTab ? 0 : -1}
        aria-current={chosen || undefined}
        onFocus={() => onStop(grid.no)}
        onMouseEnter={() => hover(grid.no)}
        onMouseLeave={() => hover(null)}
        onClick={() => openGrid(grid.no, boxOf(grid.bbox))}
      >
        <span className="swatch" style={{ background: gridColour(grid.colour) }} />
        <span className="row-name">{speaker.nameOf(grid)}</span>
        <span className="row-code">{grid.code}</span>
        {out && <span className={`chip verdict-${grid.verdict}`}>{speaker.say(`verdict.${grid.verdict}`)}</span>}
        <span className="row-words">{grid.words}</span>
      </button>
    </li>
  );
});

/** Moves the focus between rows with the arrow keys, Home and End. */
export function walk(e: KeyboardEvent<HTMLElement>): void {
  const keys = ["ArrowDown", "ArrowUp", "Home", "End"];
  if (!keys.includes(e.key)) return;
  const rows = [...e.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  e.preventDefault();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[e.key] ?? at;
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}

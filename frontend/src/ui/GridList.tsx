import { type KeyboardEvent, memo, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { boxOf, union } from "../core/box";
import type { Grid, Parent } from "../core/contract";
import { filters, isOut, listed, type Order, orders } from "../core/listing";
import { gridColour } from "../core/palette";
import { hover, look, openDialog, openGrid, pickGrids, workspace } from "../state/workspace";
import { type Speaker, useSpeaker } from "./language";
import { Hits } from "./plans/Hits";
import { RenameGrid } from "./plans/RenameGrid";
import { SearchField } from "./SearchField";
import { PicksBar } from "./tools/PicksBar";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** All grids by large grid, with what each holds in words. Arrows go from row to row. */
export function GridList({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const label = useMeasures();
  const { search, filter, order, picks } = useStore(workspace);
  const asked = useStore(workspace, (w) => w.measure);
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const [tabStop, setTabStop] = useState<number | null>(null);
  const wished = useDeferredValue(search);
  const { grids, parents, balanced } = drawn;
  const measure = asked ?? balanced[0] ?? "";
  const measures = useMemo(() => (asked === null ? balanced : [asked]), [asked, balanced]);

  const parentNames = useMemo(
    () => new Map([...parents.values()].map((p) => [p.code, `${p.name} ${p.name_en}`])),
    [parents],
  );
  const groups = useMemo(
    () => listed(grids, { search: wished, filter, order, measures, parentNames }),
    [grids, wished, filter, order, measures, parentNames],
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
              {say(`list.order.${o}`, { measure: label(measure) })}
            </option>
          ))}
        </select>
        <select
          value={measure}
          aria-label={say("list.measure")}
          onChange={(e) =>
            workspace.setState({ measure: e.target.value === (balanced[0] ?? "") ? null : e.target.value })
          }
        >
          {drawn.ground.measures.map((m) => (
            <option key={m} value={m}>
              {label(m)}
            </option>
          ))}
        </select>
        <label className="list-count muted">
          <span role="status">{say("list.count", { n: shown })}</span>
          <input
            type="checkbox"
            aria-label={say("list.pickAll")}
            checked={shown > 0 && picks.size === shown}
            onChange={(e) =>
              pickGrids(new Set(e.target.checked ? groups.flatMap((g) => g.grids.map((x) => x.no)) : []))
            }
          />
        </label>
      </div>
      {picks.size > 0 && !drawn.plan.archived && (
        <>
          <PicksBar drawn={drawn} picks={picks} onClear={() => pickGrids(new Set())} />
          {picks.size === 1 && <RenameGrid key={[...picks][0]} drawn={drawn} no={[...picks][0] as number} />}
        </>
      )}
      <Hits drawn={drawn} search={wished} lost={shown === 0} />
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
            picks={picks}
            measure={asked}
            label={label}
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
  readonly picks: ReadonlySet<number>;
  /** The measure asked for in place of the sentence. */
  readonly measure: string | null;
  readonly label: (measure: string) => string;
  readonly speaker: Speaker;
  readonly onStop: (no: number) => void;
}

const Group = memo(function Group({ parent, grids, stop, chosen, picks, measure, label, speaker, onStop }: GroupProps) {
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
            picked={picks.has(grid.no)}
            measure={measure}
            label={label}
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
  readonly picked: boolean;
  readonly measure: string | null;
  readonly label: (measure: string) => string;
  readonly onStop: (no: number) => void;
}

/** Ticks a grid or takes the tick away. */
function pick(no: number, on: boolean): void {
  const { picks } = workspace.getState();
  pickGrids(new Set(on ? [...picks, no] : [...picks].filter((p) => p !== no)));
}

const Row = memo(function Row({ grid, speaker, inTab, chosen, picked, measure, label, onStop }: RowProps) {
  const out = isOut(grid.verdict);
  const { say, count, signedPercent } = speaker;
  const off = measure === null ? undefined : grid.deviation[measure];
  return (
    <li className="pickable">
      <input
        type="checkbox"
        tabIndex={inTab ? 0 : -1}
        aria-label={say("list.pick", { grid: speaker.nameOf(grid) })}
        checked={picked}
        onChange={(e) => pick(grid.no, e.target.checked)}
      />
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
        {out && <span className={`chip verdict-${grid.verdict}`}>{say(`verdict.${grid.verdict}`)}</span>}
        <span className="row-words">
          {measure === null
            ? grid.words
            : `${label(measure)} ${count(grid.loads[measure] ?? 0)}${typeof off === "number" ? ` (${signedPercent(off)})` : ""}`}
        </span>
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

import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { GroundFinding } from "../core/contract";
import { type FindingGroup, heapSizes, heaps, pending } from "../core/findings";
import { groundwork } from "../state/groundwork";
import { openDialog } from "../state/workspace";
import { goToFinding } from "./actions";
import { walk } from "./GridList";
import { type Speaker, useSpeaker } from "./language";
import { SearchField } from "./SearchField";
import { NoGround } from "./states";
import type { OnGround } from "./useGround";

/** The ground in words: how many blocks, what was found and mended, and the way to build again. */
export function GroundPanel({ ground }: { readonly ground: OnGround }) {
  const { say } = useSpeaker();
  const { status, communities, largeGrids, findings } = ground;
  if (status.blocks === 0) return <NoGround ground={ground} />;
  const decided = pending(findings);
  return (
    <>
      <section className="summary ground-summary">
        <p className="summary-head">
          <strong className="summary-count">{say("ground.blocks", { n: status.blocks })}</strong>
          <span className="muted">
            {say("ground.areas", { communities: communities.length, largeGrids: largeGrids.length })}
          </span>
        </p>
        <div className="ground-next">
          <p role="status" className={decided > 0 ? "warning" : "hidden"} data-pending={decided}>
            {say("ground.pending", { n: decided })}
          </p>
          <button type="button" className={decided > 0 ? "primary" : ""} onClick={() => openDialog({ kind: "build" })}>
            {say("ground.build")}
          </button>
        </div>
      </section>
      <FindingList ground={ground} />
    </>
  );
}

function FindingList({ ground }: { readonly ground: OnGround }) {
  const speaker = useSpeaker();
  const { say, count } = speaker;
  const { heap, search } = useStore(groundwork);
  const open = useStore(groundwork, (g) => g.finding);
  const [tabStop, setTabStop] = useState<number | null>(null);
  const groups = useDeferredValue(ground.groups);
  const sizes = useMemo(() => heapSizes(ground.findings), [ground.findings]);
  const shown = groups.reduce((n, g) => n + g.findings.length, 0);
  const has = (id: number | null) => id !== null && groups.some((g) => g.findings.some((f) => f.id === id));
  const stop = [tabStop, open].find(has) ?? groups[0]?.findings[0]?.id ?? null;

  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open !== null) list.current?.querySelector(`[data-finding="${open}"]`)?.scrollIntoView({ block: "nearest" });
  }, [open]);

  const none = search ? "ground.none" : heap === "open" ? "ground.none.open" : "ground.none.all";
  return (
    <>
      <div className="list-tools">
        <SearchField
          label={say("ground.search")}
          value={search}
          onChange={(search) => groundwork.setState({ search })}
        />
        <fieldset className="segments heaps" aria-label={say("ground.heap")}>
          {heaps.map((h) => (
            <button
              key={h}
              type="button"
              data-heap={h}
              aria-pressed={heap === h}
              onClick={() => groundwork.setState({ heap: h })}
            >
              {say(`ground.heap.${h}`)} <span className="badge">{count(sizes[h])}</span>
            </button>
          ))}
        </fieldset>
        <span className="muted list-count" role="status">
          {say("ground.count", { n: shown })}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are a convenience, every row is a button */}
      <div className="list findings" ref={list} onKeyDown={walk}>
        {groups.length === 0 && <p className="list-none">{say(none)}</p>}
        {groups.map((group) => (
          <Group
            key={`${group.kind} ${group.rule}`}
            group={group}
            speaker={speaker}
            stop={group.findings.some((f) => f.id === stop) ? stop : null}
            open={group.findings.some((f) => f.id === open) ? open : null}
            areas={ground.areaByCode}
            onStop={setTabStop}
          />
        ))}
      </div>
    </>
  );
}

/** An area of which only the code is known. */
const bare = (code: string) => ({ code, name: "", name_en: "" });

interface GroupProps {
  readonly group: FindingGroup;
  readonly speaker: Speaker;
  readonly stop: number | null;
  readonly open: number | null;
  readonly areas: OnGround["areaByCode"];
  readonly onStop: (id: number) => void;
}

const Group = memo(function Group({ group, speaker, stop, open, areas, onStop }: GroupProps) {
  const { say, count, ruleName, nameOf } = speaker;
  return (
    <section className="group">
      <h2 className="group-head rule-head">
        <span className="group-name-text">{say(`ground.group.${group.kind}`, { rule: ruleName(group.rule) })}</span>
        {group.kind === "finding" && (
          <span className={`chip severity-${group.severity}`}>{say(`findings.${group.severity}`)}</span>
        )}
        <span className="badge">{count(group.findings.length)}</span>
      </h2>
      <ul>
        {group.findings.map((finding) => (
          <Row
            key={finding.id}
            finding={finding}
            speaker={speaker}
            inTab={finding.id === stop}
            open={finding.id === open}
            ruled={finding.ruled === null ? null : nameOf(areas.get(finding.ruled) ?? bare(finding.ruled))}
            onStop={onStop}
          />
        ))}
      </ul>
    </section>
  );
});

interface RowProps {
  readonly finding: GroundFinding;
  readonly speaker: Speaker;
  readonly inTab: boolean;
  readonly open: boolean;
  /** The name of the area that was decided on. */
  readonly ruled: string | null;
  readonly onStop: (id: number) => void;
}

const Row = memo(function Row({ finding, speaker, inTab, open, ruled, onStop }: RowProps) {
  const { say, area } = speaker;
  return (
    <li>
      <button
        type="button"
        className="row ground-finding"
        data-row
        data-finding={finding.id}
        tabIndex={inTab ? 0 : -1}
        aria-current={open || undefined}
        onFocus={() => onStop(finding.id)}
        onClick={() => goToFinding(finding)}
      >
        <span className="ground-words">{finding.words}</span>
        {(finding.area_m2 > 0 || ruled !== null) && (
          <span className="muted ground-more">
            {finding.area_m2 > 0 && <span className="number">{area(finding.area_m2)}</span>}
            {ruled !== null && <span className="chip good">{say("ground.ruled", { to: ruled })}</span>}
          </span>
        )}
      </button>
    </li>
  );
});

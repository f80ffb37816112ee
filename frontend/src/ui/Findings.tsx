import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { findingsDocument } from "../api/documents";
import { sendNow } from "../api/edits";
import { boxOf, pointOf } from "../core/box";
import type { Finding, Grid } from "../core/contract";
import { worstDeviation } from "../core/listing";
import { tell } from "../state/notices";
import { choose, look, openDialog, openGrid } from "../state/workspace";
import { tellFault } from "./actions";
import { useSpeaker } from "./language";
import { Loading } from "./states";
import { useMeasures } from "./useMeasures";
import type { Drawn } from "./usePlan";

/** What is wrong with the plan or missing in it, rule by rule (缺口检查): a click goes there, and what would mend it is offered. */
export function Findings({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, language, count } = speaker;
  const findings = useQuery(findingsDocument(drawn.plan.id, language)).data?.findings;
  const [rule, setRule] = useState<string | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const rules = [...new Set(findings?.map((f) => f.rule))];
  const asked = rule !== null && rules.includes(rule) ? rule : null;
  const shown = (findings ?? []).map((f, i) => [f, i] as const).filter(([f]) => asked === null || f.rule === asked);
  useEffect(() => {
    if (open !== null) list.current?.querySelector("[data-open]")?.scrollIntoView({ block: "nearest" });
  }, [open]);
  if (!findings) return <Loading />;
  if (findings.length === 0) {
    return (
      <div className="panel-state">
        <h2>{say("findings.none")}</h2>
        <p>{say("findings.none.words")}</p>
      </div>
    );
  }
  const show = (finding: Finding, i: number) => {
    setOpen(i);
    goTo(finding, drawn);
  };
  const next = () => {
    const [at] = shown.find(([, i]) => i > (open ?? -1)) ?? shown[0] ?? [];
    if (at) show(at, findings.indexOf(at));
  };
  return (
    <>
      <div className="list-tools">
        <select
          value={asked ?? ""}
          aria-label={say("findings.list")}
          onChange={(e) => {
            setRule(e.target.value || null);
            setOpen(null);
          }}
        >
          <option value="">
            {say("findings.filter.all")} · {count(findings.length)}
          </option>
          {rules.map((r) => (
            <option key={r} value={r}>
              {speaker.ruleName(r)} · {count(findings.filter((f) => f.rule === r).length)}
            </option>
          ))}
        </select>
        <button type="button" className="small" onClick={next} data-next>
          {say("findings.next")}
        </button>
        <span className="muted list-count" role="status">
          {say("findings.count", { n: shown.length })}
        </span>
      </div>
      <ul className="list findings" ref={list}>
        {shown.map(([finding, i]) => (
          <li key={`${finding.rule} ${finding.grid} ${i}`} data-open={i === open || undefined}>
            <button
              type="button"
              className="row finding"
              aria-expanded={i === open}
              onClick={() => (i === open ? setOpen(null) : show(finding, i))}
            >
              <span className={`chip severity-${finding.severity}`}>{say(`findings.${finding.severity}`)}</span>
              <span>{finding.words}</span>
            </button>
            {i === open && <More finding={finding} drawn={drawn} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function goTo(finding: Finding, drawn: Drawn): void {
  const grid = drawn.grids.find((g) => g.code === finding.grid);
  const at = pointOf(finding.at);
  if (grid) openGrid(grid.no, boxOf(grid.bbox));
  else if (at) look({ at });
  // What would mend it is ready to be made with Enter; else the blocks it is about are shown, unless that is the whole grid.
  const blocks = (finding.mend ?? finding).blocks.flatMap((code) => drawn.ground.indexOfCode.get(code) ?? []);
  const giver = drawn.wished[blocks[0] ?? -1] || (grid?.no ?? 0);
  const target = drawn.grids.find((g) => g.code === finding.mend?.to)?.no ?? null;
  if (blocks.length === 0 || blocks.length > 40 || giver === 0) return;
  if (target !== null || blocks.length < (drawn.byNo.get(giver)?.blocks ?? 0)) choose({ grid: giver, blocks, target });
}

/** What would mend a finding, and, for who wants to know, what lies behind it. */
function More({ finding, drawn }: { readonly finding: Finding; readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, signedPercent, percent } = speaker;
  const [sending, setSending] = useState(false);
  const grid = drawn.grids.find((g) => g.code === finding.grid);
  const parent = grid && drawn.parents.get(grid.parent);
  const { mend } = finding;
  const act = async () => {
    if (!mend) return;
    setSending(true);
    try {
      await sendNow(drawn.plan.id, { kind: "assign", blocks: mend.blocks, to: mend.to });
      tell("done", say("findings.mend.done"));
    } catch (fault) {
      tellFault(fault, speaker);
    }
    setSending(false);
  };
  return (
    <div className="finding-more">
      {mend && !drawn.plan.archived && (
        <p className="mend">
          {say("findings.mend", { words: mend.words })}
          <button type="button" className="primary small" disabled={sending} onClick={() => void act()} data-mend>
            {say("findings.mend.do")}
          </button>
        </p>
      )}
      {parent && (
        <button type="button" className="quiet small" onClick={() => openDialog({ kind: "split", scope: parent.code })}>
          {say("findings.split")}
        </button>
      )}
      <details>
        <summary>{say("findings.details")}</summary>
        <dl className="facts">
          <Fact name={say("findings.rule")} value={`${speaker.ruleName(finding.rule)} (${finding.rule})`} />
          {grid && <Worst grid={grid} drawn={drawn} say={signedPercent} />}
          {parent && <Fact name={say("findings.bound")} value={`${percent(parent.lower_bound)} ${parent.bound}`} />}
          {finding.blocks.length > 0 && (
            <Fact name={say("findings.blocks")} value={finding.blocks.slice(0, 12).join(" ")} />
          )}
        </dl>
      </details>
    </div>
  );
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function Worst({ grid, drawn, say }: { grid: Grid; drawn: Drawn; say: (share: number) => string }) {
  const speaker = useSpeaker();
  const label = useMeasures();
  const worst = worstDeviation(grid, drawn.balanced);
  const measure = drawn.balanced.find((m) => grid.deviation[m] === worst) ?? drawn.balanced[0] ?? "";
  return <Fact name={speaker.say("findings.worst")} value={`${label(measure)} ${say(worst)}`} />;
}

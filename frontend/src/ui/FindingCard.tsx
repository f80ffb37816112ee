import { useState } from "react";
import { useStore } from "zustand";
import { decide } from "../api/ground";
import type { GroundFinding } from "../core/contract";
import { isDecidable, isPending } from "../core/findings";
import { groundwork, openFinding } from "../state/groundwork";
import { tell } from "../state/notices";
import { stepFinding, tellFault } from "./actions";
import { CloseIcon, DownIcon } from "./icons";
import { useSpeaker } from "./language";
import type { OnGround } from "./useGround";

/** The open finding: what it is, where, and what a planner may decide on it. */
export function FindingCard({ ground }: { readonly ground: OnGround }) {
  const { say, ruleName, count } = useSpeaker();
  const id = useStore(groundwork, (g) => g.finding);
  const finding = ground.findings.find((f) => f.id === id);
  if (!finding) return null;
  const inList = ground.groups.flatMap((g) => g.findings);
  const at = inList.findIndex((f) => f.id === id) + 1;
  return (
    <section className="detail" aria-label={say("finding.title")} data-finding-card={finding.id}>
      <div className="detail-head">
        <div>
          <h2>{ruleName(finding.rule)}</h2>
          <p className="muted">
            {say(`ground.heap.${finding.kind}`)}
            {at > 0 && ` · ${say("finding.place", { at: count(at), n: count(inList.length) })}`}
          </p>
        </div>
        <button
          type="button"
          className="quiet square"
          aria-label={say("finding.previous")}
          title={say("finding.previous")}
          onClick={() => stepFinding(ground.groups, -1)}
        >
          <span className="upturned">
            <DownIcon />
          </span>
        </button>
        <button
          type="button"
          className="quiet square"
          aria-label={say("finding.next")}
          title={say("finding.next")}
          onClick={() => stepFinding(ground.groups, 1)}
        >
          <DownIcon />
        </button>
        <button type="button" className="quiet square" aria-label={say("page.close")} onClick={() => openFinding(null)}>
          <CloseIcon />
        </button>
      </div>
      <div className="detail-body">
        <p className="detail-words" role="status">
          {finding.kind === "finding" && (
            <span className={`chip severity-${finding.severity}`}>{say(`findings.${finding.severity}`)}</span>
          )}
          {finding.words}
        </p>
        {isDecidable(finding) ? (
          <Choices key={finding.id} finding={finding} ground={ground} />
        ) : (
          <p className="muted hint">{say("finding.nothing")}</p>
        )}
        <Facts finding={finding} />
      </div>
    </section>
  );
}

// More codes than these nobody reads on a card; the data have all.
const mostCodes = 6;

function Facts({ finding }: { readonly finding: GroundFinding }) {
  const { say, area } = useSpeaker();
  const some = (codes: readonly string[]) =>
    codes.length > mostCodes
      ? say("finding.more", { list: codes.slice(0, mostCodes).join(", "), n: codes.length })
      : codes.join(", ");
  const facts = [
    { name: say("finding.area"), words: finding.area_m2 > 0 ? area(finding.area_m2) : "" },
    { name: say("finding.codes"), words: some(finding.codes) },
    { name: say("finding.blocks"), words: some(finding.blocks) },
  ];
  return (
    <dl className="facts one">
      {facts
        .filter(({ words }) => words !== "")
        .map(({ name, words }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
    </dl>
  );
}

function Choices({ finding, ground }: { readonly finding: GroundFinding; readonly ground: OnGround }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  // Shown as decided until the service has answered.
  const [sent, setSent] = useState<{ readonly to: string | null } | null>(null);
  const ruled = sent ? sent.to : finding.ruled;
  const called = ({ code, name }: { code: string; name: string }) =>
    nameOf(ground.areaByCode.get(code) ?? { code, name, name_en: "" });
  const choose = async (to: string | null) => {
    setSent({ to });
    try {
      await decide(finding.id, to);
      const choice = finding.choices.find((c) => c.code === to);
      tell("done", choice ? say("finding.decided", { to: called(choice) }) : say("finding.takenBack"));
    } catch (fault) {
      tellFault(fault, speaker);
    }
    setSent(null);
  };
  const stage = ruled === null ? "undecided" : isPending({ ...finding, ruled }) ? "pending" : "carried";
  return (
    <fieldset className="choices finding-choices" aria-busy={sent !== null}>
      <legend>{say("finding.choices")}</legend>
      {finding.choices.map((choice) => (
        <label key={choice.code}>
          <input
            type="radio"
            name="choice"
            value={choice.code}
            checked={ruled === choice.code}
            onChange={() => void choose(choice.code)}
          />
          <span>
            {called(choice)} <span className="muted">{choice.code}</span>
          </span>
        </label>
      ))}
      <p className={stage === "pending" ? "warning" : "muted hint"} data-decision={stage}>
        {say(`finding.${stage}`)}
      </p>
      {ruled !== null && (
        <div>
          <button
            type="button"
            className="small"
            disabled={sent !== null}
            onClick={() => void choose(null)}
            data-take-back
          >
            {say("finding.takeBack")}
          </button>
        </div>
      )}
    </fieldset>
  );
}

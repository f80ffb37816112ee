import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Refused } from "../api/client";
import { askForBuild, buildDocument, cancelBuild, isBuilding } from "../api/ground";
import type { Build, BuildReport } from "../core/contract";
import { knownMeasures } from "../core/language/language";
import { awaitBuild } from "../state/groundwork";
import { openDialog } from "../state/workspace";
import { tellFault } from "./actions";
import { JobProgress } from "./JobProgress";
import { useSpeaker } from "./language";
import { Modal } from "./Modal";
import type { OnGround } from "./useGround";
import { useMeasures } from "./useMeasures";

/** Asks for a build of the ground in two steps: a trial that says what would change, then the build itself. */
export function BuildDialog({ ground }: { readonly ground: OnGround }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [scope, setScope] = useState("all");
  const [trial, setTrial] = useState<number | null>(null);
  const [fault, setFault] = useState("");
  const [sending, setSending] = useState(false);
  const build = useQuery({ ...buildDocument(trial ?? 0, language), enabled: trial !== null }).data;
  useStopAtEnd(trial, build);

  const ask = async (isTrial: boolean) => {
    setFault("");
    setSending(true);
    try {
      const { id } = await askForBuild(scope, isTrial);
      if (isTrial) setTrial(id);
      else {
        awaitBuild(id);
        openDialog(null);
      }
    } catch (reason) {
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
    setSending(false);
  };
  const rescope = (to: string) => {
    setFault("");
    setScope(to);
  };
  const back = () => setTrial(null);
  const stop = () => trial !== null && void cancelBuild(trial).catch((reason) => tellFault(reason, speaker));

  return (
    <Modal title={say(ground.status.blocks > 0 ? "build.title" : "ground.build.first")}>
      {trial === null && (
        <ScopeForm ground={ground} scope={scope} onScope={rescope} sending={sending} onTry={() => void ask(true)}>
          {fault && <Fault words={fault} />}
        </ScopeForm>
      )}
      {trial !== null && (build === undefined || isBuilding(build)) && <Trying build={build} onStop={stop} />}
      {build?.state === "failed" && (
        <Ended onBack={back}>
          <h3>{say("build.failed")}</h3>
          <Fault words={build.failure ?? ""} />
        </Ended>
      )}
      {build?.state === "cancelled" && (
        <Ended onBack={back}>
          <p role="status">{say("build.cancelled")}</p>
        </Ended>
      )}
      {build?.state === "done" && build.report && (
        <Ended onBack={back} onConfirm={() => void ask(false)} sending={sending}>
          <Result report={build.report} />
          {fault && <Fault words={fault} />}
        </Ended>
      )}
    </Modal>
  );
}

/** Nobody waits for a trial whose dialog was closed. */
function useStopAtEnd(trial: number | null, build: Build | undefined): void {
  const running = useRef<number | null>(null);
  running.current = trial !== null && (build === undefined || isBuilding(build)) ? trial : null;
  useEffect(
    () => () => {
      // It may have ended by itself meanwhile, or the service be gone: either is as well.
      if (running.current !== null) void cancelBuild(running.current).catch(() => undefined);
    },
    [],
  );
}

function Fault({ words }: { readonly words: string }) {
  return (
    <p className="form-fault" role="alert">
      {words}
    </p>
  );
}

interface ScopeProps {
  readonly ground: OnGround;
  readonly scope: string;
  readonly onScope: (scope: string) => void;
  readonly sending: boolean;
  readonly onTry: () => void;
  readonly children: ReactNode;
}

function ScopeForm({ ground, scope, onScope, sending, onTry, children }: ScopeProps) {
  const { say, nameOf } = useSpeaker();
  const [wrong, setWrong] = useState(false);
  const areas = [...ground.communities, ...ground.largeGrids];
  const change = (to: string) => {
    setWrong(false);
    onScope(to);
  };
  // A name that only one area has is as good as its code.
  const codeOf = (written: string) => {
    const named = areas.filter((a) => a.name === written || a.name_en === written);
    return named.length === 1 ? (named[0]?.code ?? written) : written;
  };
  const start = (e: FormEvent) => {
    e.preventDefault();
    if (scope.trim() === "") setWrong(true);
    else onTry();
  };
  return (
    <form className="form" noValidate onSubmit={start}>
      <p className="muted">{say("build.words")}</p>
      <fieldset className="choices">
        <legend>{say("build.scope")}</legend>
        <label>
          <input type="radio" name="scope" checked={scope === "all"} onChange={() => change("all")} />
          {say("build.scope.all")}
        </label>
        <label>
          <input type="radio" name="scope" checked={scope !== "all"} onChange={() => change("")} />
          {say("build.scope.one")}
        </label>
        {scope !== "all" && (
          <label className="field">
            <span>{say("build.code")}</span>
            <input
              list="build-areas"
              value={scope}
              maxLength={200}
              autoComplete="off"
              onChange={(e) => change(codeOf(e.target.value))}
              data-scope
            />
            <small className="muted">{chosenName() ?? say("build.code.hint")}</small>
            <datalist id="build-areas">
              {areas.map((a) => (
                <option key={`${a.level} ${a.code}`} value={a.code}>
                  {nameOf(a)}
                </option>
              ))}
            </datalist>
          </label>
        )}
      </fieldset>
      {wrong && <Fault words={say("build.wrong.code")} />}
      {children}
      <div className="form-end">
        <button type="button" onClick={() => openDialog(null)}>
          {say("page.cancel")}
        </button>
        <button type="submit" className="primary" disabled={sending} data-try>
          {say("build.try")}
        </button>
      </div>
    </form>
  );

  function chosenName(): string | undefined {
    const area = ground.areaByCode.get(scope);
    return area && nameOf(area);
  }
}

function Trying({ build, onStop }: { readonly build: Build | undefined; readonly onStop: () => void }) {
  const { say } = useSpeaker();
  return (
    <div className="form" data-trying>
      <h3>{say("build.trying")}</h3>
      <JobProgress progress={build?.progress} label={say("build.trying")} />
      <div className="form-end">
        <button type="button" onClick={onStop}>
          {say("build.stop")}
        </button>
      </div>
    </div>
  );
}

interface EndedProps {
  readonly onBack: () => void;
  readonly onConfirm?: () => void;
  readonly sending?: boolean;
  readonly children: ReactNode;
}

function Ended({ onBack, onConfirm, sending, children }: EndedProps) {
  const { say } = useSpeaker();
  return (
    <div className="form">
      {children}
      <div className="form-end">
        <button type="button" onClick={onBack}>
          {say("build.back")}
        </button>
        {onConfirm && (
          <button type="button" className="primary" disabled={sending} onClick={onConfirm} data-confirm>
            {say("build.confirm")}
          </button>
        )}
      </div>
    </div>
  );
}

const fates = ["new", "changed", "unchanged", "retired", "total"] as const;

/** What a trial came to: what becomes of the blocks, which plans lose some, the sums, what was found. */
function Result({ report }: { readonly report: BuildReport }) {
  const { say, count } = useSpeaker();
  const { blocks, plans, notes } = report;
  const same = blocks.new + blocks.changed + blocks.retired === 0;
  return (
    <div className="result" data-result>
      <h3>{say("build.result")}</h3>
      {same && <p>{say("build.same")}</p>}
      <dl className="fates">
        {fates.map((fate) => (
          <div key={fate} data-fate={fate}>
            <dt>{say(`build.${fate}`)}</dt>
            <dd>{count(blocks[fate])}</dd>
          </div>
        ))}
      </dl>
      <section>
        {plans.length === 0 && <p className="muted">{say("build.plans.none")}</p>}
        {plans.length > 0 && (
          <div className="warning" data-plans>
            <h4>{say("build.plans", { n: plans.length })}</h4>
            <ul className="losing">
              {plans.map((p) => (
                <li key={p.plan}>{p.words}</li>
              ))}
            </ul>
          </div>
        )}
      </section>
      <Sums report={report} />
      <Found report={report} />
      {notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
    </div>
  );
}

function Sums({ report }: { readonly report: BuildReport }) {
  const { say, count } = useSpeaker();
  const label = useMeasures();
  const measures = [...new Set([...knownMeasures, ...Object.keys(report.sums), ...Object.keys(report.outside)])].filter(
    (m) => m in report.sums || m in report.outside,
  );
  if (measures.length === 0) return null;
  const lost = Object.keys(report.outside).length > 0;
  return (
    <div className="scroll-x">
      <table className="table">
        <caption>{say("build.sums")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("build.measure")}</th>
            <th scope="col" className="number">
              {say("build.sum")}
            </th>
            {lost && (
              <th scope="col" className="number">
                {say("build.lost")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {measures.map((m) => (
            <tr key={m}>
              <th scope="row">{label(m)}</th>
              <td className="number">{count(report.sums[m] ?? 0)}</td>
              {lost && <td className="number">{count(report.outside[m] ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many of each kind were found and mended. The list has each of them once the ground is built. */
function Found({ report }: { readonly report: BuildReport }) {
  const { say, count, ruleName } = useSpeaker();
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const f of report.findings) add(say("ground.group.finding", { rule: ruleName(f.rule) }));
  for (const r of report.repairs) add(say("ground.group.repair", { rule: ruleName(r.rule) }));
  if (counts.size === 0) return <p className="muted">{say("build.findings.none")}</p>;
  return (
    <div className="scroll-x">
      <table className="table">
        <caption>{say("build.findings")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("build.rule")}</th>
            <th scope="col" className="number">
              {say("build.count")}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...counts].map(([name, n]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{count(n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

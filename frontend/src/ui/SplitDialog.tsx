import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refused } from "../api/client";
import { areasDocument } from "../api/documents";
import { askForPlan } from "../api/splits";
import type { Status } from "../core/contract";
import { newPlan, plainWish, type SplitWish, unreadLine, wholeNumber, wrongIn } from "../core/wish";
import { awaitPlan, openDialog } from "../state/workspace";
import { tellFault } from "./actions";
import { useSpeaker } from "./language";
import { Modal } from "./Modal";
import type { Drawn } from "./usePlan";

interface Props {
  readonly status: Status;
  readonly drawn: Drawn | null;
  /** "all", or the code of the large grid the planner pointed at. */
  readonly scope: string;
}

// What the source case used: about three grids to a large grid.
const usualGrids = 3;

function firstWish({ status, drawn, scope }: Props): SplitWish {
  const largeGrids = status.areas.large_grid ?? 1;
  const grids = scope === "all" ? (drawn?.plan.grids ?? largeGrids * usualGrids) : drawn?.parents.get(scope)?.grids;
  const measures = status.measures.map((m) => m.name);
  const balance = drawn?.balanced ?? measures.filter((m) => m === "households" || m === "residents");
  const band = drawn?.plan.recipe.band;
  return {
    ...plainWish,
    scope,
    by: band && scope === "all" ? "band" : "grids",
    grids: String(grids ?? usualGrids),
    band: band
      ? { measure: band.measure, min: String(band.min), max: String(band.max) }
      : { measure: measures[0] ?? "", min: "300", max: "500" },
    balance: balance.length > 0 ? balance : measures.slice(0, 1),
    tolerancePercent: String(Math.round((drawn?.plan.recipe.tolerance ?? 0.05) * 1e4) / 100),
    seed: String(drawn?.plan.recipe.seed ?? 1),
    locked: lockedIn(drawn, scope),
  };
}

/** Returns the codes of the grids that are locked in the open plan, as far as they lie in a scope. */
function lockedIn(drawn: Drawn | null, scope: string): string[] {
  return (drawn?.grids ?? []).filter((g) => g.locked && (scope === "all" || g.parent === scope)).map((g) => g.code);
}

/** Asks for a plan: of everything, or of one large grid with the rest left as it is. */
export function SplitDialog(props: Props) {
  const { status, drawn } = props;
  const speaker = useSpeaker();
  const { say, nameOf, count } = speaker;
  const [wish, setWish] = useState(() => firstWish(props));
  const [sending, setSending] = useState(false);
  const [fault, setFault] = useState("");
  const change = (part: Partial<SplitWish>) => {
    setFault("");
    setWish((now) => ({ ...now, ...part }));
  };
  const parent = drawn?.parents.get(wish.scope);
  const communities = useQuery(areasDocument("community")).data ?? [];

  const start = async (e: FormEvent) => {
    e.preventDefault();
    const wrong = wrongIn(wish);
    if (wrong) return setFault(say(`split.wrong.${wrong}`, { line: unreadLine(wish.numbers) }));
    const request = newPlan(wish, drawn?.plan.id ?? null);
    if (!request) return;
    setSending(true);
    setFault("");
    try {
      awaitPlan((await askForPlan(request)).id);
      openDialog(null);
    } catch (reason) {
      setSending(false);
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
  };
  const rescope = (scope: string) =>
    change({
      scope,
      grids: firstWish({ ...props, scope }).grids,
      locked: wish.locked.length > 0 ? lockedIn(drawn, scope) : [],
      by: scope === "all" ? wish.by : "grids",
    });
  const locked = lockedIn(drawn, wish.scope);

  return (
    <Modal title={parent ? say("split.title.one", { parent: nameOf(parent) }) : say("split.title")}>
      <form className="form" noValidate onSubmit={start}>
        {drawn && (
          <fieldset className="choices">
            <legend>{say("split.scope")}</legend>
            <label>
              <input type="radio" name="scope" checked={wish.scope === "all"} onChange={() => rescope("all")} />
              {say("split.scope.all", { n: status.areas.large_grid ?? drawn.plan.parents })}
            </label>
            <label>
              <input
                type="radio"
                name="scope"
                checked={wish.scope !== "all"}
                onChange={() => rescope(drawn.byNo.values().next().value?.parent ?? "all")}
              />
              {say("split.scope.one", { plan: drawn.plan.name })}
            </label>
            {wish.scope !== "all" && (
              <label className="field">
                <span className="hidden">{say("split.parent")}</span>
                <select value={wish.scope} onChange={(e) => rescope(e.target.value)}>
                  <optgroup label={say("split.parent")}>
                    {[...drawn.parents.values()].map((p) => (
                      <option key={p.code} value={p.code}>
                        {nameOf(p)} · {p.code}
                      </option>
                    ))}
                  </optgroup>
                  {communities.length > 0 && (
                    <optgroup label={say("split.communities")}>
                      {communities
                        .filter((c) => !drawn.parents.has(c.code))
                        .map((c) => (
                          <option key={c.code} value={c.code}>
                            {nameOf(c)} · {c.code}
                          </option>
                        ))}
                    </optgroup>
                  )}
                </select>
              </label>
            )}
          </fieldset>
        )}
        <Amount wish={wish} change={change} status={status} now={parent?.grids} />
        <BalanceFields wish={wish} change={change} status={status} average={averages()} />
        {drawn && locked.length > 0 && (
          <label className="switch">
            <input
              type="checkbox"
              checked={wish.locked.length > 0}
              onChange={(e) => change({ locked: e.target.checked ? locked : [] })}
            />
            {say("split.locks", { n: locked.length })}
          </label>
        )}
        <details className="more">
          <summary>{say("split.more")}</summary>
          <div className="field-row">
            <label className="field">
              <span>{say("split.alternatives")}</span>
              <select value={wish.alternatives} onChange={(e) => change({ alternatives: e.target.value })}>
                {["1", "2", "3", "4", "5"].map((n) => (
                  <option key={n}>{n}</option>
                ))}
              </select>
              <small className="muted">{say("split.alternatives.hint")}</small>
            </label>
            {drawn && (
              <div className="field">
                <label>
                  <input type="checkbox" checked={wish.near} onChange={(e) => change({ near: e.target.checked })} />{" "}
                  {say("split.base")}
                </label>
                {wish.near && (
                  <input
                    inputMode="decimal"
                    aria-label={say("split.base.share")}
                    value={wish.changePercent}
                    onChange={(e) => change({ changePercent: e.target.value })}
                  />
                )}
                <small className="muted">{say("split.base.hint", { plan: drawn.plan.name })}</small>
              </div>
            )}
          </div>
          <div className="field-row">
            <label className="field">
              <span>{say("split.tolerance")}</span>
              <input
                inputMode="decimal"
                value={wish.tolerancePercent}
                onChange={(e) => change({ tolerancePercent: e.target.value })}
              />
              <small className="muted">{say("split.tolerance.hint")}</small>
            </label>
            <label className="field">
              <span>{say("split.seed")}</span>
              <input inputMode="numeric" value={wish.seed} onChange={(e) => change({ seed: e.target.value })} />
              <small className="muted">{say("split.seed.hint")}</small>
            </label>
          </div>
          <div className="field-row">
            <label className="field">
              <span>{say("split.method")}</span>
              <select
                value={wish.method}
                disabled={wish.by === "band"}
                onChange={(e) => change({ method: e.target.value === "equal" ? "equal" : "" })}
              >
                <option value="">{say("split.method.minmax")}</option>
                <option value="equal">{say("split.method.equal")}</option>
              </select>
            </label>
            <label className="field">
              <span>{say("split.time")}</span>
              <input
                inputMode="numeric"
                value={wish.seconds}
                placeholder={say("split.time.hint")}
                onChange={(e) => change({ seconds: e.target.value })}
              />
            </label>
          </div>
          <h3>{say("split.rules")}</h3>
          <p className="muted hint">{say("split.sets.hint")}</p>
          <div className="field-row rule-fields">
            {(["numbers", "together", "apart", "dedicated"] as const).map((rule) => (
              <label key={rule} className="field">
                <span>{say(`split.${rule}`)}</span>
                <textarea
                  rows={2}
                  value={wish[rule]}
                  title={rule === "numbers" ? say("split.numbers.hint") : undefined}
                  onChange={(e) => change({ [rule]: e.target.value })}
                />
                {rule === "numbers" && <small className="muted">{say("split.numbers.hint")}</small>}
              </label>
            ))}
          </div>
          <label className="field">
            <span>{say("split.name")}</span>
            <input
              value={wish.name}
              maxLength={200}
              placeholder={say("split.name.auto")}
              onChange={(e) => change({ name: e.target.value })}
            />
          </label>
        </details>
        {fault && (
          <p className="form-fault" role="alert">
            {fault}
          </p>
        )}
        <div className="form-end">
          <button type="button" onClick={() => openDialog(null)}>
            {say("page.cancel")}
          </button>
          <button type="submit" className="primary" disabled={sending} data-start>
            {say(sending ? "split.starting" : "split.start")}
          </button>
        </div>
      </form>
    </Modal>
  );

  /** What a grid would hold on average, by measure. */
  function averages(): (measure: string) => string {
    const grids = wish.by === "grids" ? wholeNumber(wish.grids, 1) : null;
    return (measure) => {
      const total = parent ? parent.loads[measure] : status.measures.find((m) => m.name === measure)?.total;
      return grids && total ? say("split.average", { n: count(Math.round(total / grids)) }) : "";
    };
  }
}

interface PartProps {
  readonly wish: SplitWish;
  readonly change: (part: Partial<SplitWish>) => void;
  readonly status: Status;
}

function Amount({ wish, change, status, now }: PartProps & { readonly now: number | undefined }) {
  const { say } = useSpeaker();
  const largeGrids = useQuery(areasDocument()).data?.length;
  const { band } = wish;
  return (
    <fieldset className="choices">
      <legend>{say("split.by")}</legend>
      <div className="segments">
        {(["grids", "band"] as const).map((by) => (
          <button key={by} type="button" aria-pressed={wish.by === by} onClick={() => change({ by })}>
            {say(`split.by.${by}`)}
          </button>
        ))}
      </div>
      {wish.by === "grids" ? (
        <label className="field inline">
          <span>{say("split.grids")}</span>
          <input
            type="number"
            min={wish.scope === "all" ? (largeGrids ?? 1) : 1}
            max={status.blocks}
            required
            // What the planner came to say: the dialog gives it the focus.
            ref={(field) => field?.setAttribute("autofocus", "")}
            onFocus={(e) => e.target.select()}
            value={wish.grids}
            onChange={(e) => change({ grids: e.target.value })}
          />
          {now !== undefined && <span className="muted">{say("split.grids.now", { n: now })}</span>}
        </label>
      ) : (
        <div className="field-row">
          <label className="field">
            <span>{say("split.band.measure")}</span>
            <select value={band.measure} onChange={(e) => change({ band: { ...band, measure: e.target.value } })}>
              {status.measures.map((m) => (
                <option key={m.name} value={m.name}>
                  {m.label}
                </option>
              ))}
            </select>
          </label>
          {(["min", "max"] as const).map((end) => (
            <label key={end} className="field">
              <span>{say(`split.band.${end}`)}</span>
              <input
                inputMode="numeric"
                value={band[end]}
                onChange={(e) => change({ band: { ...band, [end]: e.target.value } })}
              />
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}

function BalanceFields({ wish, change, status, average }: PartProps & { readonly average: (m: string) => string }) {
  const { say } = useSpeaker();
  const toggle = (measure: string) =>
    change({
      balance: wish.balance.includes(measure) ? wish.balance.filter((m) => m !== measure) : [...wish.balance, measure],
    });
  return (
    <fieldset className="choices">
      <legend>
        {say("split.balance")} <small className="muted">{say("split.balance.hint")}</small>
      </legend>
      {status.measures.map((m) => {
        const place = wish.balance.indexOf(m.name);
        return (
          <label key={m.name}>
            <input type="checkbox" checked={place >= 0} onChange={() => toggle(m.name)} />
            {m.label}
            {place >= 0 && wish.balance.length > 1 && <span className="badge">{place + 1}</span>}
            {place >= 0 && <span className="muted">{average(m.name)}</span>}
            {place >= 0 && wish.balance.length > 1 && <span className="muted weight-of">{say("split.weight")}</span>}
            {place >= 0 && wish.balance.length > 1 && (
              <input
                className="weight"
                inputMode="decimal"
                aria-label={say("split.weight.of", { measure: m.label })}
                title={say("split.weight")}
                value={wish.weights[m.name] ?? "1"}
                onChange={(e) => change({ weights: { ...wish.weights, [m.name]: e.target.value } })}
              />
            )}
          </label>
        );
      })}
    </fieldset>
  );
}

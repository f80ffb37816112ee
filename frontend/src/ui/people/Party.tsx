import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addPartyOrg, affiliate, partyDocument } from "../../api/people";
import type { PartyOrgWish } from "../../core/contract";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";

const covered = ["grids", "compounds", "subdistricts", "communities"] as const;
const levels = ["community", "grid", "building"] as const;
const kinds = ["committee", "general_branch", "branch", "joint_branch", "group"] as const;

/** Party organisations: counts only. What their numbers suggest is advice, nothing is changed by it. */
export function Party({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say, language, nameOf } = speaker;
  const [picks, setPicks] = useState<ReadonlySet<string>>(new Set());
  const party = useQuery(partyDocument(drawn.plan.id, language)).data;
  if (!party) return <Loading />;
  const send = (act: Promise<unknown>, done: string) =>
    void act.then(() => tell("done", done)).catch((fault) => tellFault(fault, speaker));
  const move = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const said = Object.fromEntries(new FormData(e.currentTarget)) as Record<string, string>;
    send(
      affiliate([...picks], said.above ?? "", said.on ?? "", said.reason ?? "").then(() => setPicks(new Set())),
      say("party.moved", { n: picks.size }),
    );
  };
  const add = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const { members, ...said } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    send(
      addPartyOrg({ ...said, members: Number(members) } as PartyOrgWish).then(() => form.reset()),
      say("party.added"),
    );
  };
  return (
    <div className="people-scroll">
      <dl className="people-coverage">
        {covered.map((c) => (
          <div key={c} data-coverage={c}>
            <dt>{say(`party.covers.${c}`)}</dt>
            <dd>{party.coverage[c].join("/")}</dd>
          </div>
        ))}
      </dl>
      <table className="people-needs">
        <thead>
          <tr>
            {(["community", "members", "now", "advice", "grids"] as const).map((h) => (
              <th key={h} scope="col">
                {say(`party.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {party.rows.map((r) => (
            <tr key={r.community.code}>
              <th scope="row">{nameOf(r.community)}</th>
              <td className="number">{r.members}</td>
              <td>{r.now || "–"}</td>
              <td className={r.differs && r.now ? "people-short" : ""}>{r.now ? r.advice : "–"}</td>
              <td className="number">
                {r.grids_with}/{r.grids}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="people-posts">
        {party.organisations.map((o) => (
          <li key={o.code} className="people-post" data-org={o.code}>
            <label className="people-check">
              <input
                type="checkbox"
                checked={picks.has(o.code)}
                onChange={(e) => {
                  const next = new Set(picks);
                  if (e.target.checked) next.add(o.code);
                  else next.delete(o.code);
                  setPicks(next);
                }}
              />
              <b>{o.name}</b>
            </label>
            <span className="muted">
              {[o.kind_label, o.advice, o.above && say("party.belongs", { above: o.above }), o.grids.join("、")]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
      {picks.size > 0 && (
        <form className="people-form people-pad" onSubmit={move}>
          <p>{say("party.move", { n: picks.size })}</p>
          <Text name="above" label={say("party.above")} required />
          <label className="field">
            <span>{say("party.on")}</span>
            <input type="date" name="on" defaultValue={new Date().toLocaleDateString("sv")} required />
          </label>
          <Text name="reason" label={say("party.reason")} />
          <button type="submit" className="small">
            {say("party.move.do")}
          </button>
        </form>
      )}
      <details className="people-pad">
        <summary>{say("party.add")}</summary>
        <form className="people-form" onSubmit={add}>
          <Text name="code" label={say("party.code")} required />
          <Text name="name" label={say("party.name")} required />
          <Choice name="level" label={say("party.level")} choices={levels.map((l) => [l, say(`party.level.${l}`)])} />
          <Choice name="kind" label={say("party.kind")} choices={kinds.map((k) => [k, say(`party.kind.${k}`)])} />
          <Choice
            name="area"
            label={say("party.community")}
            choices={party.rows.map((r) => [r.community.code, nameOf(r.community)])}
          />
          <label className="field">
            <span>{say("party.members")}</span>
            <input type="number" name="members" min={0} defaultValue={0} required />
          </label>
          <Text name="above" label={say("party.above")} />
          <button type="submit" className="small">
            {say("party.add")}
          </button>
        </form>
      </details>
    </div>
  );
}

interface Field {
  readonly name: string;
  readonly label: string;
}

function Text({ name, label, required }: Field & { readonly required?: boolean }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input name={name} maxLength={200} required={required} />
    </label>
  );
}

function Choice({ name, label, choices }: Field & { readonly choices: readonly (readonly [string, string])[] }) {
  return (
    <label className="field">
      <span>{label}</span>
      <select name={name}>
        {choices.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { addPerson, leave, peopleDocument, rulesDocument } from "../../api/people";
import type { Person } from "../../core/contract";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { SearchField } from "../SearchField";
import { PickPerson } from "./StaffedGrids";

/** Everybody on the staff, with the posts of each. */
export function Staff() {
  const { say, language } = useSpeaker();
  const [search, setSearch] = useState("");
  const found = useQuery(peopleDocument(search, language)).data;
  return (
    <div className="people-scroll">
      <div className="list-tools">
        <SearchField label={say("people.findPerson")} value={search} onChange={setSearch} />
        <span className="muted" role="status">
          {found && say("people.persons", { n: found.total })}
        </span>
      </div>
      <AddPerson />
      <ul className="people-posts">
        {found?.people.map((p) => (
          <OnePerson key={p.id} person={p} />
        ))}
      </ul>
    </div>
  );
}

function OnePerson({ person }: { readonly person: Person }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [leaving, setLeaving] = useState(false);
  const [on, setOn] = useState(() => new Date().toLocaleDateString("sv"));
  const go = (heir: number) =>
    void leave(person.id, on, heir)
      .then((n) => {
        tell("done", say("people.left", { name: person.name, n }));
        setLeaving(false);
      })
      .catch((fault) => tellFault(fault, speaker));
  return (
    <li className="people-post" data-person={person.id}>
      <span>
        <b>{person.name}</b>{" "}
        <span className="muted">
          {[person.number, person.source_label, person.home, person.phone].filter(Boolean).join(" · ")}
        </span>
        <br />
        <span className="muted">{person.posts.map((p) => p.label).join("、") || say("people.noPost")}</span>
      </span>
      {person.posts.length > 0 && (
        <button type="button" className="small" aria-expanded={leaving} onClick={() => setLeaving(!leaving)}>
          {say("people.leave")}
        </button>
      )}
      {leaving && (
        <div className="people-pick">
          <label className="field">
            <span>{say("people.leave.on")}</span>
            <input type="date" value={on} onChange={(e) => setOn(e.target.value)} required />
          </label>
          <PickPerson
            label={say("people.leave.to", { n: person.posts.length })}
            none={say("people.leave.vacant")}
            onPick={go}
          />
        </div>
      )}
    </li>
  );
}

const fields = ["name", "number", "phone", "home"] as const;

function AddPerson() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const rules = useQuery(rulesDocument()).data;
  const add = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const said = Object.fromEntries(new FormData(form)) as Record<string, string>;
    void addPerson(said)
      .then((p) => {
        tell("done", say("people.added", { name: p.name }));
        form.reset();
      })
      .catch((fault) => tellFault(fault, speaker));
  };
  return (
    <details className="people-pad">
      <summary>{say("people.add")}</summary>
      <form className="people-form" onSubmit={add}>
        {fields.map((f) => (
          <label key={f} className="field">
            <span>{say(`people.field.${f}`)}</span>
            <input name={f} maxLength={200} required={f === "name"} autoComplete="off" />
          </label>
        ))}
        <label className="field">
          <span>{say("people.field.source")}</span>
          <select name="source">
            <option value="" />
            {rules?.sources.map((s) => (
              <option key={s.name} value={s.name}>
                {language === "zh" ? s.zh : s.en}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="small">
          {say("people.add")}
        </button>
      </form>
    </details>
  );
}

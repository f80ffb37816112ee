import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { kindsDocument } from "../../api/basebook";
import {
  type Attribute,
  answers,
  attributes,
  changedTexts,
  countKinds,
  type Faults,
  numbers,
  type Texts,
  type Thing,
  type ThingLayer,
  valuesOf,
  written,
} from "../../core/basebook";
import type { Feature, FeatureKinds } from "../../core/contract";
import { measureName } from "../../core/language/language";
import { useSpeaker } from "../language";
import { correct, type Wish } from "./actions";
import { Field, SourceFields } from "./fields";

interface ChangeFormProps {
  readonly title: string;
  readonly save: string;
  /** The fields of the form besides source and date. */
  readonly fields: readonly string[];
  /** Returns the change, or what is wrong with which field. */
  readonly wish: () => Wish | { readonly faults: Faults };
  readonly onEnd: () => void;
  /** Whether the form takes the keyboard when it opens; beside a drawing it does not, as the map has it. */
  readonly focused?: boolean;
  readonly children: (faults: Faults) => ReactNode;
}

/** A change in a form: what is wrong stands at its field, all else below; source and date are asked for by every one. */
export function ChangeForm({ title, save, fields, wish, onEnd, focused = true, children }: ChangeFormProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ faults: Faults; rest: readonly string[] }>({ faults: {}, rest: [] });
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (focused) form.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [focused]);
  useEffect(() => {
    if (Object.keys(wrong.faults).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [wrong]);
  const send = async (e: FormEvent) => {
    e.preventDefault();
    const wished = wish();
    if ("faults" in wished) return setWrong({ faults: wished.faults, rest: [] });
    setBusy(true);
    const { made, faults, rest } = await correct(wished, fields, speaker);
    setBusy(false);
    setWrong({ faults, rest });
    if (made) onEnd();
  };
  return (
    <form className="card-form" ref={form} onSubmit={(e) => void send(e)} noValidate data-form>
      <h3>{title}</h3>
      {children(wrong.faults)}
      <SourceFields faults={wrong.faults} />
      {wrong.rest.length > 0 && (
        <p className="form-fault" role="alert">
          {wrong.rest.join(" ")}
        </p>
      )}
      <div className="card-end">
        <button type="button" onClick={onEnd}>
          {say("page.cancel")}
        </button>
        <button type="submit" className="primary" disabled={busy} data-save>
          {save}
        </button>
      </div>
    </form>
  );
}

interface CountFormProps {
  readonly feature: Feature;
  /** Empty for a measure that has no count yet. */
  readonly measure: string;
  readonly kind: string;
  readonly onEnd: () => void;
}

/** Corrects a count, or says one that nobody said. */
export function CountForm({ feature, measure: known, kind: knownKind, onEnd }: CountFormProps) {
  const { say, language } = useSpeaker();
  const before = feature.tallies.find((t) => t.measure === known && t.kind === knownKind);
  const [measure, setMeasure] = useState(known || "households");
  const [kind, setKind] = useState(before?.kind ?? "resident");
  const [number, setNumber] = useState(before ? String(before.count) : "");
  const wish = () => {
    const said = number.normalize("NFKC").trim();
    if (!/^\d{1,9}$/.test(said)) return { faults: { [measure]: say("basebook.wrong.number") } };
    const values = { [measure]: Number(said), [`${measure}_kind`]: kind };
    return { kind: "count" as const, layer: feature.layer, code: feature.code, values };
  };
  return (
    <ChangeForm
      title={before ? say("basebook.count.correct.what", { measure: before.label }) : say("basebook.count.add")}
      save={say("basebook.save")}
      fields={[measure, `${measure}_kind`]}
      wish={wish}
      onEnd={onEnd}
    >
      {(faults) => (
        <>
          {!before && (
            <Field label={say("basebook.count.measure")}>
              {(props) => (
                <select {...props} value={measure} onChange={(e) => setMeasure(e.target.value)}>
                  {numbers.map((m) => (
                    <option key={m} value={m}>
                      {measureName(language, m)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <div className="pair">
            <Field label={say("basebook.count.number")} fault={faults[measure]}>
              {(props) => (
                <input
                  {...props}
                  name="count"
                  inputMode="numeric"
                  value={number}
                  onChange={(e) => setNumber(e.target.value)}
                />
              )}
            </Field>
            <Field label={say("basebook.count.kind")} fault={faults[`${measure}_kind`]}>
              {(props) => (
                <select {...props} value={kind} onChange={(e) => setKind(e.target.value)}>
                  {countKinds.map((k) => (
                    <option key={k} value={k}>
                      {say(`basebook.kind.${k || "unsaid"}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
        </>
      )}
    </ChangeForm>
  );
}

interface ThingFormProps {
  readonly thing: Thing;
  readonly feature: Feature;
  readonly onEnd: () => void;
}

/** Edits what is known of a thing besides counts and place; what is not touched is not sent. */
export function AttributesForm({ thing, feature, onEnd }: ThingFormProps) {
  const { say } = useSpeaker();
  const fields = attributes[thing.layer];
  const before: Texts = Object.fromEntries(fields.map((field) => [field, written(feature, field)]));
  const [texts, setTexts] = useState(before);
  return (
    <ChangeForm
      title={say("basebook.attributes")}
      save={say("basebook.save")}
      fields={fields}
      wish={() => ({
        kind: "attributes",
        layer: thing.layer,
        code: thing.code,
        values: valuesOf(changedTexts(before, texts)),
      })}
      onEnd={onEnd}
    >
      {(faults) => <AttributeFields layer={thing.layer} texts={texts} onChange={setTexts} faults={faults} />}
    </ChangeForm>
  );
}

interface AttributeFieldsProps {
  readonly layer: ThingLayer;
  readonly texts: Texts;
  readonly onChange: (texts: Texts) => void;
  readonly faults: Faults;
  /** More fields behind these. */
  readonly children?: ReactNode;
}

export function AttributeFields({ layer, texts, onChange, faults, children }: AttributeFieldsProps) {
  const { say, language } = useSpeaker();
  const kinds = useQuery(kindsDocument(language)).data?.[layer] ?? [];
  const set = (field: Attribute) => (text: string) => onChange({ ...texts, [field]: text });
  return (
    <div className="pair">
      {attributes[layer].map((field) => (
        <Field key={field} label={say(`basebook.attribute.${field}`)} fault={faults[field]}>
          {(props) => {
            const value = texts[field] ?? "";
            if (answers.includes(field)) {
              return (
                <select {...props} value={value} onChange={(e) => set(field)(e.target.value)}>
                  <option value="">{say("basebook.answer.unknown")}</option>
                  <option value="yes">{say("basebook.answer.yes")}</option>
                  <option value="no">{say("basebook.answer.no")}</option>
                </select>
              );
            }
            if (field === "kind") return <KindInput {...props} kinds={kinds} value={value} onChange={set(field)} />;
            return (
              <input
                {...props}
                name={field}
                inputMode={field === "floors" ? "numeric" : "text"}
                value={value}
                onChange={(e) => set(field)(e.target.value)}
              />
            );
          }}
        </Field>
      ))}
      {children}
    </div>
  );
}

interface KindInputProps {
  readonly id: string;
  readonly kinds: FeatureKinds[keyof FeatureKinds];
  readonly value: string;
  readonly onChange: (kind: string) => void;
}

/** A kind, shown as the reader calls it; another word than those offered is kept as it is. */
function KindInput({ kinds, value, onChange, ...props }: KindInputProps) {
  return (
    <>
      <input
        {...props}
        name="kind"
        list={`${props.id}-words`}
        value={kinds.find((k) => k.name === value)?.label ?? value}
        onChange={(e) => onChange(kinds.find((k) => k.label === e.target.value)?.name ?? e.target.value)}
      />
      <datalist id={`${props.id}-words`}>
        {kinds.map((k) => (
          <option key={k.name} value={k.label} />
        ))}
      </datalist>
    </>
  );
}

interface RemoveFormProps {
  readonly thing: Thing;
  readonly name: string;
  readonly onEnd: () => void;
}

export function RemoveForm({ thing, name, onEnd }: RemoveFormProps) {
  const { say } = useSpeaker();
  return (
    <ChangeForm
      title={say("basebook.remove.what", { name })}
      save={say("basebook.remove")}
      fields={[]}
      wish={() => ({ kind: "remove", layer: thing.layer, code: thing.code })}
      onEnd={onEnd}
    >
      {() => <p className="warning">{say("basebook.remove.words")}</p>}
    </ChangeForm>
  );
}

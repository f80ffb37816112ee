import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  decideImport,
  type Guarded,
  inspectAgain,
  saveTemplate,
  templatesDocument,
  tryImport,
} from "../../api/imports";
import type { ImportDecisions, Inspection } from "../../core/contract";
import { asIs, fieldsByColumn, isAnswered, layerOf, mapOf, missingFields } from "../../core/imports";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { useAttempt } from "../useAttempt";
import { ColumnTable } from "./ColumnTable";
import { Fault } from "./ImportWizard";
import { useFieldName } from "./words";

interface Props {
  readonly guarded: Guarded;
  readonly inspection: Inspection;
  readonly onDrop: () => void;
}

/** What the file is, what its columns become, where it comes from. */
export function DecideStep({ guarded, inspection, onDrop }: Props) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const fieldName = useFieldName();
  const { file } = guarded;
  const [decisions, setDecisions] = useState<ImportDecisions>(file.decisions);
  const { fault, setFault, sending, attempt } = useAttempt(speaker, file.failure?.detail);
  const layer = layerOf(inspection, decisions);
  const fields = fieldsByColumn(inspection, decisions);
  const missing = missingFields(inspection, layer, fields);
  const open = inspection.questions.filter((q) => !isAnswered(q.about, decisions));
  const decide = (more: ImportDecisions) => {
    setFault("");
    setDecisions({ ...decisions, ...more });
  };

  /** What changes how the file is read is looked at anew at once. */
  const look = (said: Pick<ImportDecisions, "layer" | "source_layer" | "encoding" | "crs" | "head">) => {
    decide(said);
    void attempt(() => inspectAgain(file.id, said));
  };
  const all = (): ImportDecisions => {
    const whole: ImportDecisions = { ...decisions, layer };
    if (inspection.columns.length > 0) whole.map = mapOf(fields, decisions.map);
    return whole;
  };
  const start = (e: FormEvent) => {
    e.preventDefault();
    void attempt(async () => {
      await decideImport(guarded, all());
      await tryImport(file.id);
    });
  };

  return (
    <form className="form" noValidate onSubmit={start} data-decide>
      {open.map((q) => (
        <p key={q.about} className="warning" data-question={q.about}>
          {say(`import.ask.${q.about}`)}
        </p>
      ))}
      <section className="decide">
        <h3>{say("import.what")}</h3>
        <p className="muted">
          {[
            inspection.format,
            inspection.geometry || say("import.noGeometry"),
            ...(inspection.rows === null ? [] : [say("import.rows", { n: inspection.rows })]),
          ].join(" · ")}
        </p>
        {inspection.source_layers.length > 1 && (
          <label className="field">
            <span>{say("import.source_layer")}</span>
            <select
              value={inspection.source_layer}
              onChange={(e) => look({ source_layer: e.target.value })}
              data-source-layer
            >
              {inspection.source_layer === "" && <option value="">{say("import.pick")}</option>}
              {inspection.source_layers.map((l) => (
                <option key={l.name} value={l.name}>
                  {[l.name, l.geometry, ...(l.rows === null ? [] : [say("import.rows", { n: l.rows })])]
                    .filter(Boolean)
                    .join(" · ")}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="field">
          <span>{say("import.layer")}</span>
          <select
            value={layer}
            required
            onChange={({ target: { value } }) => {
              // Of staff names and telephones are taken, of nobody else: which columns there are to map changes.
              if (value === "roster" || layer === "roster") look({ layer: value });
              else decide({ layer: value });
            }}
            data-layer
          >
            {layer === "" && <option value="">{say("import.pick")}</option>}
            {inspection.layers.map((l) => (
              <option key={l.name} value={l.name}>
                {l.title}
              </option>
            ))}
          </select>
        </label>
        {inspection.questions.some((q) => q.about === "head") && <HeadRow said={decisions.head ?? ""} onLook={look} />}
        {inspection.head && (
          <p>
            {say("import.head", { rows: inspection.head.rows })}
            {[...inspection.head.titles, ...inspection.head.totals].map((t) => (
              <small key={t} className="muted skipped">
                {t}
              </small>
            ))}
          </p>
        )}
        {inspection.notes.map((note) => (
          <p key={note} className="muted">
            {note}
          </p>
        ))}
      </section>
      <Encoding inspection={inspection} decisions={decisions} onLook={look} />
      <Place inspection={inspection} decisions={decisions} onLook={look} />
      {inspection.columns.length > 0 && (
        <ColumnTable
          inspection={inspection}
          layer={layer}
          fields={fields}
          onChange={(changed) => decide({ map: mapOf(changed, decisions.map) })}
        />
      )}
      {layer !== "" && missing.length > 0 && inspection.columns.length > 0 && (
        <p className="warning" data-missing>
          {say("import.missing", { fields: missing.map(fieldName).join(language === "zh" ? "、" : ", ") })}
        </p>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={decisions.keep_columns ?? false}
          onChange={(e) => decide({ keep_columns: e.target.checked })}
        />
        {say("import.keep_columns")}
      </label>
      <Source decisions={decisions} onDecide={decide} />
      <Templates
        inspection={inspection}
        all={all}
        onApply={(template) =>
          void attempt(async () => {
            const { file: changed } = await decideImport(guarded, { template });
            setDecisions(changed.decisions);
          })
        }
      />
      {fault && <Fault words={fault} />}
      <div className="form-end">
        <button type="button" onClick={onDrop}>
          {say("import.drop_file")}
        </button>
        <button type="submit" className="primary" disabled={sending || layer === "" || open.length > 0} data-try>
          {say("import.try")}
        </button>
      </div>
    </form>
  );
}

/** The row a table's head is in, for a table in which it cannot be found. */
function HeadRow({ said, onLook }: { readonly said: string; readonly onLook: (said: ImportDecisions) => void }) {
  const { say } = useSpeaker();
  const [rows, setRows] = useState(said);
  return (
    <div className="field inline">
      <label>
        {say("import.head.rows")}{" "}
        <input value={rows} maxLength={20} placeholder="3 / 3:4" onChange={(e) => setRows(e.target.value)} data-head />
      </label>
      <button type="button" className="small" disabled={rows === said} onClick={() => onLook({ head: rows })}>
        {say("import.crs.use")}
      </button>
    </div>
  );
}

interface LookProps {
  readonly inspection: Inspection;
  readonly decisions: ImportDecisions;
  readonly onLook: (said: ImportDecisions) => void;
}

/** How the text is written: each way with some of the file's words, so that the eye decides. */
function Encoding({ inspection, decisions, onLook }: LookProps) {
  const { say } = useSpeaker();
  const { candidates, read_as, said_by_file } = inspection.encoding;
  if (candidates.length === 0) return null;
  return (
    <fieldset className="choices decide" data-encoding>
      <legend>
        {say("import.encoding")} <small className="muted">{say(said_by_file ? "import.said" : "import.found")}</small>
      </legend>
      {candidates.map((c) => (
        <label key={c.name}>
          <input
            type="radio"
            name="encoding"
            checked={(decisions.encoding || read_as) === c.name}
            onChange={() => onLook({ encoding: c.name })}
          />
          <span>
            {c.name}
            {!c.clean && <span className="chip warn">{say("import.unclean")}</span>}
            <span className="muted sample">{c.samples.join("  ")}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const systems = ["CGCS2000", "WGS84", "GCJ-02", "BD-09", "EPSG:4523", "EPSG:4544", "EPSG:3857"];

/** Where the coordinates are: what the file says, and how well each reading fits what is there. */
function Place({ inspection, decisions, onLook }: LookProps) {
  const { say } = useSpeaker();
  const { file_says, fits, bounds } = inspection.crs;
  const [other, setOther] = useState(decisions.crs ?? "");
  if (bounds === null && fits.length === 0 && !inspection.questions.some((q) => q.about === "crs")) return null;
  // A file that says nothing is in nothing until the planner has said so.
  const asked = inspection.questions.some((q) => q.about === "crs") && !isAnswered("crs", decisions);
  const chosen = asked ? null : decisions.crs === asIs ? "" : (decisions.crs ?? "");
  const best = fits.find((f) => f.best);
  return (
    <fieldset className="choices decide" data-crs>
      <legend>
        {say("import.crs")}{" "}
        <small className="muted">
          {file_says ? say("import.crs.says", { system: file_says }) : say("import.crs.silent")}
        </small>
      </legend>
      {best && chosen !== null && best.name !== chosen && (
        <p className="warning">{say("import.crs.better", { system: best.title })}</p>
      )}
      {fits.map((f) => (
        <label key={f.name} data-fit={f.name}>
          <input type="radio" name="crs" checked={chosen === f.name} onChange={() => onLook({ crs: f.name || asIs })} />
          <span>
            {f.title} {f.best && <span className="chip good">{say("import.crs.best")}</span>}
            <span className="muted sample">{f.words}</span>
          </span>
        </label>
      ))}
      <div className="field inline">
        <label>
          {say("import.crs.other")}{" "}
          <input
            list="import-systems"
            value={other}
            maxLength={300}
            onChange={(e) => setOther(e.target.value)}
            data-system
          />
        </label>
        <datalist id="import-systems">
          {systems.map((s) => (
            <option key={s} value={s} />
          ))}
        </datalist>
        <button
          type="button"
          className="small"
          disabled={other === "" || other === decisions.crs}
          onClick={() => onLook({ crs: other })}
        >
          {say("import.crs.use")}
        </button>
      </div>
    </fieldset>
  );
}

interface SourceProps {
  readonly decisions: ImportDecisions;
  readonly onDecide: (more: ImportDecisions) => void;
}

/** What the report keeps of where the file comes from. */
function Source({ decisions, onDecide }: SourceProps) {
  const { say } = useSpeaker();
  const texts = ["by", "purpose", "basis"] as const;
  const days = ["dated", "expires"] as const;
  return (
    <details className="more decide" open={texts.some((t) => decisions[t]) || undefined}>
      <summary>{say("import.source")}</summary>
      {texts.map((t) => (
        <label key={t} className="field">
          <span>{say(`import.${t}`)}</span>
          <input
            value={decisions[t] ?? ""}
            maxLength={500}
            onChange={(e) => onDecide({ [t]: e.target.value })}
            data-source={t}
          />
        </label>
      ))}
      <div className="field-row">
        {days.map((t) => (
          <label key={t} className="field">
            <span>{say(`import.${t}`)}</span>
            <input
              type="date"
              value={decisions[t] ?? ""}
              onChange={(e) => onDecide({ [t]: e.target.value })}
              data-source={t}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

interface TemplateProps {
  readonly inspection: Inspection;
  readonly all: () => ImportDecisions;
  readonly onApply: (name: string) => void;
}

/** Decisions kept from an earlier file, and keeping these. */
function Templates({ inspection, all, onApply }: TemplateProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [name, setName] = useState("");
  const kept = useQuery(templatesDocument()).data ?? [];
  const save = async () => {
    try {
      await saveTemplate(
        name.trim(),
        all(),
        inspection.columns.filter((c) => !c.personal).map((c) => c.name),
      );
      tell("done", say("import.template.saved", { name: name.trim() }));
    } catch (reason) {
      tellFault(reason, speaker);
    }
  };
  return (
    <details className="more decide">
      <summary>{say("import.template")}</summary>
      {kept.length > 0 && (
        <label className="field">
          <span>{say("import.template.apply")}</span>
          <select value="" onChange={(e) => e.target.value && onApply(e.target.value)} data-template>
            <option value="">{say("import.pick")}</option>
            {kept.map((t) => (
              <option key={t.name} value={t.name}>
                {t.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="field inline">
        <label>
          {say("import.template.name")}{" "}
          <input value={name} maxLength={100} onChange={(e) => setName(e.target.value)} data-template-name />
        </label>
        <button type="button" className="small" disabled={name.trim() === ""} onClick={() => void save()}>
          {say("import.template.save")}
        </button>
      </div>
    </details>
  );
}

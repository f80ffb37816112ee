import type { Inspection } from "../../core/contract";
import { knownMeasures } from "../../core/language/language";
import { useSpeaker } from "../language";
import { useFieldName } from "./words";

interface Props {
  readonly inspection: Inspection;
  readonly layer: string;
  /** Field by column. */
  readonly fields: ReadonlyMap<string, string>;
  readonly onChange: (fields: ReadonlyMap<string, string>) => void;
}

/** Which column becomes which field. A field is of one column; giving it to another takes it from the first. */
export function ColumnTable({ inspection, layer, fields, onChange }: Props) {
  const { say } = useSpeaker();
  const fieldName = useFieldName();
  const known = inspection.layers.find((l) => l.name === layer);
  const all = [...new Set([...(known?.fields ?? []), ...(layer.length > 0 ? knownMeasures : []), ...fields.values()])];
  const reasons = new Map(Object.values(inspection.suggested_map).map((s) => [s.column, s.reason]));
  const give = (column: string, field: string) => {
    const changed = new Map([...fields].filter(([c, f]) => c !== column && f !== field));
    if (field) changed.set(column, field);
    onChange(changed);
  };
  return (
    <section className="decide">
      <h3>{say("import.columns")}</h3>
      <div className="scroll-x">
        <table className="table columns">
          <thead>
            <tr>
              <th scope="col">{say("import.column")}</th>
              <th scope="col">{say("import.samples")}</th>
              <th scope="col">{say("import.becomes")}</th>
            </tr>
          </thead>
          <tbody>
            {inspection.columns.map((c) => (
              <tr key={c.name} data-column={c.name} data-personal={c.personal || undefined}>
                <th scope="row">{c.personal ? <s>{c.name}</s> : c.name}</th>
                <td className="muted samples">{c.personal ? say("import.personal") : c.samples.join("、")}</td>
                <td>
                  {!c.personal && (
                    <>
                      <select
                        aria-label={say("import.becomes.of", { column: c.name })}
                        value={fields.get(c.name) ?? ""}
                        onChange={(e) => give(c.name, e.target.value)}
                      >
                        <option value="">{say("import.leave")}</option>
                        {all.map((f) => (
                          <option key={f} value={f}>
                            {fieldName(f)}
                          </option>
                        ))}
                      </select>
                      {fields.has(c.name) && reasons.get(c.name) && (
                        <small className="muted reason">{reasons.get(c.name)}</small>
                      )}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

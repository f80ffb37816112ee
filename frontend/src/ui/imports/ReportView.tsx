import { refusedAddress } from "../../api/imports";
import type { ImportFile, ImportReport } from "../../core/contract";
import { knownMeasures } from "../../core/language/language";
import { useSpeaker } from "../language";
import { useMeasures } from "../useMeasures";
import { useFieldName } from "./words";

const sides = ["new", "changed", "gone", "unchanged"] as const;

interface Props {
  readonly file: ImportFile;
  readonly report: ImportReport;
}

/** A report of an import: what becomes of its rows with their counts, what was refused and why, what was found. */
export function ReportView({ file, report }: Props) {
  const { say } = useSpeaker();
  // A trial takes nothing while any row is refused; what could be taken is the rest.
  const good = file.stored
    ? report.taken
    : Math.max(report.taken, report.rows_read - report.rows_skipped - report.refused_rows);
  return (
    <div className="result" data-result>
      <dl className="fates import-fates">
        <Figure fate="rows_read" words={say("import.rows_read")} n={report.rows_read} />
        <Figure fate="taken" words={say(file.stored ? "import.stored" : "import.taken")} n={good} />
        <Figure fate="refused_rows" words={say("import.refused_rows")} n={report.refused_rows} />
      </dl>
      <Compared report={report} />
      <Refusals file={file} report={report} />
      {report.findings.length > 0 && (
        <details className="more" open={report.findings.length < 4 || undefined}>
          <summary>{say("import.findings", { n: report.findings_total })}</summary>
          <ul className="lines">
            {report.findings.map((f) => (
              <li key={f.words}>{f.words}</li>
            ))}
          </ul>
        </details>
      )}
      {report.notes.length > 0 && (
        <ul className="lines muted">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface FigureProps {
  readonly fate: string;
  readonly words: string;
  readonly n: number;
}

function Figure({ fate, words, n }: FigureProps) {
  const { count } = useSpeaker();
  return (
    <div data-fate={fate}>
      <dt>{words}</dt>
      <dd>{count(n)}</dd>
    </div>
  );
}

/** What is new, changed, gone and unchanged, each with its counts before and after. */
function Compared({ report }: { readonly report: ImportReport }) {
  const { say, count } = useSpeaker();
  const label = useMeasures();
  const { compared } = report;
  const has = (m: string) => sides.some((s) => m in compared[s].before || m in compared[s].after);
  const known = knownMeasures.filter(has).slice(0, 2);
  const rows = sides.filter((s) => compared[s].rows > 0);
  if (rows.length === 0) return null;
  return (
    <div className="scroll-x">
      <table className="table">
        <caption>{say("import.compared")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("import.fate")}</th>
            <th scope="col" className="number">
              {say("import.things")}
            </th>
            {known.map((m) => (
              <th key={m} scope="col" className="number">
                {say("import.beforeAfter", { measure: label(m) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((s) => (
            <tr key={s} data-fate={s}>
              <th scope="row">{say(`import.fate.${s}`)}</th>
              <td className="number">{count(compared[s].rows)}</td>
              {known.map((m) => (
                <td key={m} className="number">
                  {count(compared[s].before[m] ?? 0)} → {count(compared[s].after[m] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Refusals({ file, report }: Props) {
  const { say, language } = useSpeaker();
  const fieldName = useFieldName();
  if (report.refused_total === 0) return null;
  return (
    <section data-refused>
      <h4>{say("import.refused", { n: report.refused_total })}</h4>
      <ul className="lines refusals">
        {report.refused.map((r) => (
          <li key={`${r.place} ${r.field ?? ""} ${r.key} ${r.words}`}>
            <span className="muted">{[r.place, r.field && fieldName(r.field)].filter(Boolean).join(" · ")}</span>
            <span>{r.words}</span>
          </li>
        ))}
      </ul>
      {report.refused_total > report.refused.length && (
        <p className="muted">{say("import.refused.more", { n: report.refused_total - report.refused.length })}</p>
      )}
      {file.refused_kept > 0 && (
        <p>
          <a href={refusedAddress(file.id, language)} download>
            {say("import.refused.download", { n: file.refused_kept })}
          </a>
        </p>
      )}
    </section>
  );
}

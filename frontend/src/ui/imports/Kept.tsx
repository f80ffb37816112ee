import type { ImportFile } from "../../core/contract";
import { asIs } from "../../core/imports";
import { openDialog } from "../../state/workspace";
import { useSpeaker } from "../language";
import { ReportView } from "./ReportView";

const facts = ["by", "purpose", "basis", "dated", "expires", "crs", "encoding"] as const;

/** An import that was stored: its kept report, and what comes next. */
export function Kept({ file, onDone }: { readonly file: ImportFile; readonly onDone: () => void }) {
  const { say, moment } = useSpeaker();
  const said = facts.filter((f) => file.decisions[f]);
  return (
    <div className="form" data-kept>
      <p className="good-words" role="status">
        {say("import.kept", { n: file.import ?? file.id, at: file.ended_at ? moment(file.ended_at) : "" })}
      </p>
      <dl className="facts">
        <div>
          <dt>{say("import.file")}</dt>
          <dd>{file.name}</dd>
        </div>
        {said.map((f) => (
          <div key={f}>
            <dt>{say(`import.${f}`)}</dt>
            <dd>{f === "crs" && file.decisions.crs === asIs ? say("import.crs.as_is") : file.decisions[f]}</dd>
          </div>
        ))}
        <div>
          <dt>SHA-256</dt>
          <dd className="hash">{file.sha256}</dd>
        </div>
      </dl>
      {file.report && <ReportView file={file} report={file.report} />}
      <div className="form-end">
        <button type="button" onClick={() => openDialog({ kind: "import", id: null })}>
          {say("import.another")}
        </button>
        <button type="button" onClick={() => openDialog({ kind: "build" })} data-next>
          {say("import.build")}
        </button>
        <button type="button" className="primary" onClick={onDone}>
          {say("import.close")}
        </button>
      </div>
    </div>
  );
}

import { commitImport, decideImport, type Guarded, tryImport } from "../../api/imports";
import { useSpeaker } from "../language";
import { useAttempt } from "../useAttempt";
import { Fault } from "./ImportWizard";
import { ReportView } from "./ReportView";

interface Props {
  readonly guarded: Guarded;
  readonly onDrop: () => void;
}

/** What a trial came to, and what is done about it: decide anew, leave out the refused rows, store. */
export function TrialStep({ guarded, onDrop }: Props) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { file } = guarded;
  const { fault, sending, attempt } = useAttempt(speaker, file.failure?.detail);
  const refused = file.report?.refused_total ?? 0;
  const skipping = file.decisions.skip_refused ?? false;
  const takes = (file.report?.taken ?? 0) > 0 && (refused === 0 || skipping);

  const skip = (skip_refused: boolean) =>
    void attempt(async () => {
      await decideImport(guarded, { skip_refused });
      await tryImport(file.id);
    });
  // Any decision makes the trial void; this one decides what is decided already.
  const back = () => void attempt(() => decideImport(guarded, { by: file.decisions.by ?? "" }));

  return (
    <div className="form" data-tried>
      <h3>{say(takes ? "import.tried" : "import.tried.refused")}</h3>
      {file.report && <ReportView file={file} report={file.report} />}
      {(refused > 0 || skipping) && (file.report?.refused_rows ?? 0) > 0 && (
        <label className="check">
          <input
            type="checkbox"
            checked={skipping}
            disabled={sending}
            onChange={(e) => skip(e.target.checked)}
            data-skip
          />
          {say("import.skip", { n: file.report?.refused_rows ?? 0 })}
        </label>
      )}
      {fault && <Fault words={fault} />}
      <div className="form-end">
        <button type="button" onClick={onDrop}>
          {say("import.drop_file")}
        </button>
        <button type="button" disabled={sending} onClick={back} data-back>
          {say("import.back")}
        </button>
        <button
          type="button"
          className="primary"
          disabled={sending || !takes}
          onClick={() => void attempt(() => commitImport(file.id))}
          data-commit
        >
          {say("import.commit")}
        </button>
      </div>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { cancelImport, dropImport, importDocument } from "../../api/imports";
import type { ImportFile } from "../../core/contract";
import { importSteps, isBusy, stepOf } from "../../core/imports";
import { openDialog } from "../../state/workspace";
import { tellFault } from "../actions";
import { JobProgress } from "../JobProgress";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import { DecideStep } from "./DecideStep";
import { FileStep } from "./FileStep";
import { Kept } from "./Kept";
import { PreviewPane } from "./PreviewPane";
import { TrialStep } from "./TrialStep";
import "./imports.css";

/** Takes a file into the database in steps: look at it, decide what it is, try, store. null begins with a new file. */
export function ImportWizard({ id }: { readonly id: number | null }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const shown = useQuery({ ...importDocument(id ?? 0, language), enabled: id !== null });
  const guarded = id === null ? undefined : shown.data;
  const file = guarded?.file ?? null;
  const step = stepOf(file);
  const drop = () => {
    openDialog(null);
    if (file && !file.stored) void dropImport(file.id).catch((reason) => tellFault(reason, speaker));
  };
  return (
    <Modal title={file ? say("import.of", { file: file.name }) : say("import.title")} className="wizard">
      <ol className="wizard-steps">
        {importSteps.map((s, i) => (
          <li
            key={s}
            aria-current={s === step ? "step" : undefined}
            data-past={importSteps.indexOf(step) > i || undefined}
          >
            <span className="wizard-number">{i + 1}</span>
            {say(`import.step.${s}`)}
          </li>
        ))}
      </ol>
      <div className="wizard-body" data-import-step={step}>
        <div className="wizard-work">
          {shown.isError && id !== null && !file && (
            <Ending>
              <Fault words={say("import.gone")} />
            </Ending>
          )}
          {id === null && <FileStep onBrought={(brought) => openDialog({ kind: "import", id: brought.id })} />}
          {file && isBusy(file) && <Busy key={file.state} file={file} />}
          {file?.state === "failed" && (
            <Ending>
              <Fault words={file.failure?.detail ?? say("import.failed")} />
            </Ending>
          )}
          {guarded && file?.state === "open" && file.inspection && (
            <DecideStep key={file.id} guarded={guarded} inspection={file.inspection} onDrop={drop} />
          )}
          {guarded && file?.state === "tried" && <TrialStep key={file.id} guarded={guarded} onDrop={drop} />}
          {file?.state === "committed" && <Kept file={file} onDone={() => openDialog(null)} />}
        </div>
        <PreviewPane file={file} />
      </div>
    </Modal>
  );
}

/** Why something cannot be. */
export function Fault({ words }: { readonly words: string }) {
  return (
    <p className="form-fault" role="alert">
      {words}
    </p>
  );
}

function Ending({ children }: { readonly children: ReactNode }) {
  const { say } = useSpeaker();
  return (
    <div className="form">
      {children}
      <div className="form-end">
        <button type="button" className="primary" onClick={() => openDialog({ kind: "import", id: null })}>
          {say("import.another")}
        </button>
      </div>
    </div>
  );
}

/** How far the service is. */
function Busy({ file }: { readonly file: ImportFile }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [stopping, setStopping] = useState(false);
  const label = say(
    file.state === "trying" ? "import.trying" : file.state === "committing" ? "import.committing" : "import.inspecting",
  );
  const stop = () => {
    setStopping(true);
    void cancelImport(file.id).catch((reason) => tellFault(reason, speaker));
  };
  return (
    <div className="form" data-busy>
      <h3>{label}</h3>
      <JobProgress progress={file.progress} label={label} />
      <div className="form-end">
        <button type="button" disabled={stopping} onClick={stop}>
          {say("import.stop")}
        </button>
      </div>
    </div>
  );
}

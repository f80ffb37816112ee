import { useQuery } from "@tanstack/react-query";
import { importsDocument } from "../../api/imports";
import type { ImportFile } from "../../core/contract";
import { isBusy } from "../../core/imports";
import { openDialog } from "../../state/workspace";
import { useSpeaker } from "../language";
import { Gone, Loading } from "../states";
import { layerTitle } from "./titles";
import "./imports.css";

/** All imports, those under way first, and the way to a new one. */
export function ImportList() {
  const { say, language, count } = useSpeaker();
  const list = useQuery(importsDocument(language));
  return (
    <>
      <div className="list-tools">
        <button
          type="button"
          className="primary wide"
          onClick={() => openDialog({ kind: "import", id: null })}
          data-import
        >
          {say("import.title")}
        </button>
        {list.data && (
          <span className="muted list-count" role="status">
            {say("import.count", { n: count(list.data.total) })}
          </span>
        )}
      </div>
      {!list.data && (list.isError ? <Gone /> : <Loading />)}
      {list.data?.imports.length === 0 && <p className="list-none">{say("import.none")}</p>}
      <ul className="list imports">
        {list.data?.imports.map((f) => (
          <Row key={f.id} file={f} />
        ))}
      </ul>
    </>
  );
}

function Row({ file }: { readonly file: ImportFile }) {
  const { say, moment, count, language } = useSpeaker();
  const { summary } = file;
  const state = file.stored ? "good" : file.state === "failed" ? "severity-error" : "warn";
  const words = isBusy(file)
    ? (file.progress?.words ?? "…")
    : say(
        file.stored
          ? "import.state.committed"
          : `import.state.${file.state === "tried" ? "tried" : file.state === "failed" ? "failed" : "open"}`,
      );
  return (
    <li>
      <button
        type="button"
        className="row import-row"
        data-row
        data-import-id={file.id}
        onClick={() => openDialog({ kind: "import", id: file.id })}
      >
        <span className="import-name">{file.name}</span>
        <span className={`chip ${state}`}>{words}</span>
        <span className="muted import-more">
          {[
            summary?.layer ? layerTitle(language, summary.layer) : "",
            summary
              ? say("import.brief", {
                  taken: count(summary.taken),
                  new: count(summary.new),
                  changed: count(summary.changed),
                  gone: count(summary.gone),
                })
              : "",
            moment(file.ended_at ?? file.made_at),
            file.decisions.by ?? "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </button>
    </li>
  );
}

import { type DragEvent, useEffect, useRef, useState } from "react";
import { Refused } from "../../api/client";
import { bringFiles } from "../../api/imports";
import type { ImportFile } from "../../core/contract";
import { areParts } from "../../core/imports";
import { useSpeaker } from "../language";
import { Bar } from "../parts/Bar";
import { Fault } from "./ImportWizard";

/** Chooses a file, or the loose parts of one, and sends it. */
export function FileStep({ onBrought }: { readonly onBrought: (file: ImportFile) => void }) {
  const { say, percent } = useSpeaker();
  const [over, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [fault, setFault] = useState("");
  const sending = useRef<AbortController | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  useEffect(() => () => sending.current?.abort(), []);

  const bring = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setFault("");
    if (files.length > 1 && !areParts(files.map((f) => f.name))) return setFault(say("import.one"));
    const breaking = new AbortController();
    sending.current = breaking;
    setShare(0);
    try {
      onBrought(await bringFiles(files, setShare, breaking.signal));
    } catch (reason) {
      if (breaking.signal.aborted) return setShare(null);
      setFault(reason instanceof Refused ? reason.message : say("gone.short"));
    }
    setShare(null);
  };
  const dropped = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    void bring([...e.dataTransfer.files]);
  };

  return (
    <div className="form">
      {share === null ? (
        <section
          aria-label={say("import.choose")}
          className="drop"
          data-over={over || undefined}
          onDragOver={(e) => {
            e.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={dropped}
        >
          <p>{say("import.drop")}</p>
          <button type="button" className="primary" onClick={() => chooser.current?.click()}>
            {say("import.choose")}
          </button>
          <input
            ref={chooser}
            type="file"
            multiple
            className="hidden"
            tabIndex={-1}
            aria-label={say("import.choose")}
            data-file
            onChange={(e) => {
              void bring([...(e.target.files ?? [])]);
              e.target.value = "";
            }}
          />
          <p className="muted">{say("import.kinds")}</p>
        </section>
      ) : (
        <div className="drop">
          <p role="status">
            {share < 1 ? say("import.sending", { percent: percent(share) }) : say("import.inspecting")}
          </p>
          <Bar label={say("import.sending", { percent: "" })} done={share < 1 ? share * 100 : undefined} total={100} />
          <button type="button" onClick={() => sending.current?.abort()}>
            {say("page.cancel")}
          </button>
        </div>
      )}
      {fault && <Fault words={fault} />}
      <p className="muted">{say("import.words")}</p>
    </div>
  );
}

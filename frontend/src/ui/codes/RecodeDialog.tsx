import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "../../api/client";
import { makeCurrent, recodingDocument, recodingFile, schemesDocument } from "../../api/codes";
import { sendNow } from "../../api/edits";
import type { Plan } from "../../core/contract";
import { tell } from "../../state/notices";
import { openDialog } from "../../state/workspace";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import { Loading } from "../states";
import "./codes.css";

/** Gives the grids of a plan codes by a scheme, after a look at old and new. */
export function RecodeDialog({ plan }: { readonly plan: Plan }) {
  const speaker = useSpeaker();
  const { say, count, language } = speaker;
  const known = useQuery(schemesDocument(language)).data;
  const [chosen, setChosen] = useState("");
  const [anew, setAnew] = useState(false);
  const [busy, setBusy] = useState(false);
  const key = chosen || (known?.current ?? "");
  const scheme = known?.schemes.find((s) => s.key === key);
  const { data, error } = useQuery({ ...recodingDocument(plan.id, key, anew), enabled: key !== "" });

  const apply = async () => {
    setBusy(true);
    try {
      await sendNow(plan.id, { kind: "recode", scheme: key, anew });
      tell("done", say("recode.done", { n: data?.changes.length ?? 0 }));
      openDialog(null);
    } catch (fault) {
      tellFault(fault, speaker);
      setBusy(false);
    }
  };
  const bands = [...new Set(data?.frames.map((f) => f.band_metres))].sort((a, b) => a - b);
  return (
    <Modal title={say("recode.title")} className="recode">
      {!known ? (
        <Loading />
      ) : (
        <div className="form">
          <label className="field">
            <span>{say("recode.scheme")}</span>
            <select value={key} onChange={(e) => setChosen(e.target.value)}>
              {known.schemes.map((s) => (
                <option key={s.key} value={s.key}>
                  {s.title}
                </option>
              ))}
            </select>
          </label>
          {scheme?.note && <p className="muted">{scheme.note}</p>}
          <label className="check">
            <input type="checkbox" checked={anew} onChange={(e) => setAnew(e.target.checked)} />
            <span>{say("recode.anew")}</span>
          </label>
          {error instanceof Refused && (
            <p className="form-fault" role="alert">
              {error.message}
            </p>
          )}
          {!error && !data && <Loading />}
          {!error && data && (
            <>
              <p role="status">
                {data.changes.length === 0
                  ? say("recode.none")
                  : say("recode.some", { n: data.changes.length, grids: data.grids })}{" "}
                {bands.length > 0 &&
                  say("recode.bands", { from: count(bands[0] ?? 0), to: count(bands[bands.length - 1] ?? 0) })}
              </p>
              {data.changes.length > 0 && (
                <div className="recode-list">
                  <table className="table">
                    <thead>
                      <tr>
                        <th scope="col">{say("recode.old")}</th>
                        <th scope="col">{say("recode.new")}</th>
                        <th scope="col">{say("recode.name")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {data.changes.map((c) => (
                        <tr key={c.old}>
                          <td>{c.old}</td>
                          <td>{c.new}</td>
                          <td>{language === "en" ? c.new_name_en : c.new_name}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </>
          )}
          <div className="form-end">
            {known.current !== key && (
              <button
                type="button"
                className="quiet"
                onClick={() => makeCurrent(key, known, known.tag).catch((fault) => tellFault(fault, speaker))}
              >
                {say("recode.current")}
              </button>
            )}
            {data && data.changes.length > 0 && (
              <a href={recodingFile(plan.id, key, anew, language)} download>
                {say("recode.file")}
              </a>
            )}
            <button type="button" onClick={() => openDialog(null)}>
              {say("page.cancel")}
            </button>
            <button
              type="button"
              className="primary"
              disabled={busy || !data || data.changes.length === 0}
              onClick={apply}
            >
              {say("recode.apply")}
            </button>
          </div>
        </div>
      )}
    </Modal>
  );
}

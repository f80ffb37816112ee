import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refused } from "../../api/client";
import { putTerms, termsDocument } from "../../api/plans";
import type { Terms } from "../../core/contract";
import { tell } from "../../state/notices";
import { openDialog } from "../../state/workspace";
import { tellFault } from "../actions";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import { Modal } from "../Modal";
import { Loading } from "../states";

/** Where an office says which words of the page it says otherwise, for the language of the page. */
export function TermsDialog() {
  const { say } = useSpeaker();
  const known = useQuery(termsDocument()).data;
  return (
    <Modal title={say("terms.title")}>
      {known ? <Form key={known.tag} known={known.words} tag={known.tag} /> : <Loading />}
    </Modal>
  );
}

function Form({ known, tag }: { readonly known: Terms; readonly tag: string }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [rows, setRows] = useState(() => [...Object.entries(known[language]), ["", ""]] as [string, string][]);
  const [fault, setFault] = useState("");
  const change = (at: number, side: 0 | 1, text: string) =>
    setRows((all) => all.map((row, i) => (i === at ? (side === 0 ? [text, row[1]] : [row[0], text]) : row)));
  const save = async (e: FormEvent) => {
    e.preventDefault();
    const words = Object.fromEntries(rows.map(([a, b]) => [a.trim(), b.trim()]).filter(([a, b]) => a || b));
    try {
      await putTerms({ ...known, [language]: words }, tag);
      tell("done", say("terms.saved"));
      openDialog(null);
    } catch (reason) {
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
  };
  return (
    <form className="form" onSubmit={save}>
      <p className="muted">{say("terms.words")}</p>
      {rows.map(([word, said], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
        <div key={i} className="field-row terms-row">
          <input
            aria-label={say("terms.word")}
            value={word}
            maxLength={40}
            onChange={(e) => change(i, 0, e.target.value)}
          />
          <span aria-hidden="true">→</span>
          <input
            aria-label={say("terms.said")}
            value={said}
            maxLength={40}
            onChange={(e) => change(i, 1, e.target.value)}
          />
          <button
            type="button"
            className="quiet square"
            aria-label={say("terms.remove")}
            onClick={() => setRows((all) => all.filter((_, at) => at !== i))}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
      {fault && (
        <p className="form-fault" role="alert">
          {fault}
        </p>
      )}
      <div className="form-end">
        <button type="button" className="quiet" onClick={() => setRows((all) => [...all, ["", ""]])}>
          {say("terms.add")}
        </button>
        <button type="submit" className="primary">
          {say("terms.save")}
        </button>
      </div>
    </form>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { askForSheet, askForSheets, type Made, returnSheets, sheetsDocument } from "../../api/basebook";
import { Refused } from "../../api/client";
import type { BasebookRow, FillIn, Problem, Returned } from "../../core/contract";
import { awaitBuild } from "../../state/groundwork";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import { day } from "./words";

const lists = ["all", "sent", "returned", "none"] as const;
type List = (typeof lists)[number];

/** Fill-in sheets: asked for, handed in, and who has not returned any. */
export function Sheets({ rows }: { readonly rows: readonly BasebookRow[] }) {
  const { say, language, count } = useSpeaker();
  const { data: sheets, isError } = useQuery(sheetsDocument(language));
  const [list, setList] = useState<List>("all");
  if (!sheets) return isError ? <p className="ledger-note form-fault">{say("basebook.unread")}</p> : <Loading />;
  const known = new Map(sheets.map((s) => [s.code, s]));
  const stateOf = (row: BasebookRow) => known.get(row.code)?.state ?? "none";
  const of = (l: List) => (l === "all" ? rows : rows.filter((row) => stateOf(row) === l));
  return (
    <>
      <Ask rows={rows} />
      <HandIn />
      <div className="list-tools">
        <fieldset className="segments heaps" aria-label={say("basebook.sheets.list")}>
          {lists.map((l) => (
            <button key={l} type="button" aria-pressed={list === l} onClick={() => setList(l)} data-list={l}>
              {say(`basebook.sheets.list.${l}`)} <span className="badge">{count(of(l).length)}</span>
            </button>
          ))}
        </fieldset>
      </div>
      <div className="ledger-scroll">
        {of(list).length === 0 && <p className="list-none">{say("basebook.sheets.none")}</p>}
        <ul className="ledger-list" data-sheets>
          {of(list).map((row) => (
            <SheetItem key={row.key} row={row} sheet={known.get(row.code)} />
          ))}
        </ul>
      </div>
    </>
  );
}

/** Hands a file the service made to the browser, which keeps it where it keeps downloads. */
function keep({ name, file }: Made): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Returns a function that asks for a file and keeps it, and whether it is on its way. */
function useKeep(): [(ask: () => Promise<Made>) => void, boolean] {
  const speaker = useSpeaker();
  const [busy, setBusy] = useState(false);
  const start = async (ask: () => Promise<Made>) => {
    setBusy(true);
    try {
      keep(await ask());
    } catch (fault) {
      tellFault(fault, speaker);
    }
    setBusy(false);
  };
  return [(ask) => void start(ask), busy];
}

function Ask({ rows }: { readonly rows: readonly BasebookRow[] }) {
  const { say, nameOf } = useSpeaker();
  const [scope, setScope] = useState("all");
  const [keepMade, busy] = useKeep();
  const above = useMemo(() => [...new Map(rows.flatMap((row) => row.path).map((a) => [a.code, a])).values()], [rows]);
  return (
    <div className="list-tools">
      <p className="muted sheets-words">{say("basebook.sheets.ask.words")}</p>
      <select value={scope} aria-label={say("basebook.sheets.scope")} onChange={(e) => setScope(e.target.value)}>
        <option value="all">{say("basebook.sheets.scope.all", { n: rows.length })}</option>
        {above.map((area) => (
          <option key={area.code} value={area.code}>
            {nameOf(area)}
          </option>
        ))}
      </select>
      <button type="button" disabled={busy} onClick={() => keepMade(() => askForSheets(scope))} data-ask>
        {say(busy ? "basebook.sheets.making" : "basebook.sheets.ask")}
      </button>
    </div>
  );
}

/** Where returned files are handed in, and what came of them. */
function HandIn() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [result, setResult] = useState<Returned | null>(null);
  const [refused, setRefused] = useState<Partial<Problem> | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    setResult(null);
    setRefused(null);
    try {
      const returned = await returnSheets(file);
      if (returned.build !== null) awaitBuild(returned.build);
      setResult(returned);
    } catch (fault) {
      if (fault instanceof Refused) setRefused(fault.problem);
      else tellFault(fault, speaker);
    }
    setBusy(false);
  };
  return (
    <div className="list-tools hand-in">
      <label
        className={`sheet-drop${over ? " over" : ""}`}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          void take(e.dataTransfer.files[0]);
        }}
      >
        {say(busy ? "basebook.sheets.reading" : "basebook.sheets.return")}
        <input
          type="file"
          accept=".xlsx,.zip"
          className="hidden"
          disabled={busy}
          onChange={(e) => {
            const file = e.target.files?.[0];
            e.target.value = "";
            void take(file);
          }}
          data-return
        />
      </label>
      {refused && <Wrong problem={refused} />}
      {result && <Taken result={result} />}
    </div>
  );
}

/** All that is wrong with what was handed in; nothing of it was taken. */
function Wrong({ problem }: { readonly problem: Partial<Problem> }) {
  const { say } = useSpeaker();
  return (
    <div className="form-fault hand-in-words" role="alert" data-wrong>
      <p>{problem.detail ?? say("fault.unknown", { status: String(problem.status ?? "") })}</p>
      <ul>
        {problem.refused?.map((r) => (
          <li key={`${r.place} ${r.field} ${r.words}`}>
            {[r.place, r.field].filter(Boolean).join(" ")} {r.words}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Taken({ result }: { readonly result: Returned }) {
  const { say, count } = useSpeaker();
  return (
    <div className="hand-in-words" role="status" data-taken>
      {result.sheets.map((s) => (
        <div key={s.file}>
          <p>
            <strong>{s.file}</strong> · {s.community}
          </p>
          <p>
            {say("basebook.sheets.taken", { new: s.new, changed: s.changed, unchanged: s.unchanged, blank: s.blank })}
            {s.sums.map((sum) => ` · ${sum.label} ${count(sum.count)}`)}
          </p>
          <Unmatched rows={s.unmatched} />
          <Older cells={s.older} />
        </div>
      ))}
      {result.build !== null && <p className="muted">{say("basebook.sheets.follows")}</p>}
    </div>
  );
}

/** Rows of a sheet whose building or compound is there no more. */
/** Cells that were not taken, because a newer count is known. */
function Older({ cells }: { readonly cells: Returned["sheets"][number]["older"] }) {
  const { say } = useSpeaker();
  if (cells.length === 0) return null;
  return (
    <div className="warning" data-older>
      <p>{say("basebook.sheets.older", { n: cells.length })}</p>
      <ul>
        {cells.map((c) => (
          <li key={c.cell}>
            {c.cell} {c.name || c.key} {c.why}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Unmatched({ rows }: { readonly rows: FillIn["unmatched"] }) {
  const { say } = useSpeaker();
  if (rows.length === 0) return null;
  return (
    <div className="warning" data-unmatched>
      <p>{say("basebook.sheets.unmatched", { n: rows.length })}</p>
      <ul>
        {rows.map((r) => (
          <li key={`${r.cell} ${r.key}`}>
            {r.cell} {r.name || r.key}: {r.why}
          </li>
        ))}
      </ul>
    </div>
  );
}

function SheetItem({ row, sheet }: { readonly row: BasebookRow; readonly sheet: FillIn | undefined }) {
  const speaker = useSpeaker();
  const { say, nameOf } = speaker;
  const [keepMade, busy] = useKeep();
  const state = sheet?.state ?? "none";
  const on = day(speaker, (state === "sent" ? sheet?.sent_on : sheet?.returned_on) ?? null);
  return (
    <li data-sheet-of={row.code} data-state={state}>
      <span>
        {nameOf(row)}{" "}
        <span className={`chip ${{ none: "", sent: "warn", returned: "good" }[state]}`}>
          {say(`basebook.sheet.${state}`, { on })}
        </span>
      </span>
      <button
        type="button"
        className="quiet small"
        disabled={busy}
        aria-label={say("basebook.sheets.one", { community: nameOf(row) })}
        onClick={() => keepMade(() => askForSheet(row.code))}
      >
        {say("basebook.sheets.download")}
      </button>
      <small className="ledger-more">
        {row.code}
        {sheet && sheet.rows > 0 && ` · ${say("basebook.sheets.rows", { rows: sheet.rows, filled: sheet.filled })}`}
      </small>
      {sheet && sheet.unmatched.length > 0 && <Unmatched rows={sheet.unmatched} />}
    </li>
  );
}

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Refused } from "../../api/client";
import { boundsDocument, keepBounds } from "../../api/codes";
import { type Bounds, type Grid, type SideName, sideNames } from "../../core/contract";
import { tell } from "../../state/notices";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";
import "./codes.css";

interface Props {
  readonly drawn: Drawn;
  readonly grid: Grid;
}

/** The four bounds of a grid (四至), read when somebody wants to see them. */
export function GridBounds({ drawn, grid }: Props) {
  const { say } = useSpeaker();
  const [open, setOpen] = useState(false);
  return (
    <details className="bounds" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{say("bounds.title")}</summary>
      {open && <Sides key={grid.code} drawn={drawn} grid={grid} />}
    </details>
  );
}

function Sides({ drawn, grid }: Props) {
  const { say, percent, language } = useSpeaker();
  const [writing, setWriting] = useState(false);
  const { data, error } = useQuery(boundsDocument(drawn.plan.id, grid.code, drawn.plan.revision));
  const lang = language === "en" ? "en" : "zh";
  if (error instanceof Refused) return <p className="muted">{error.message}</p>;
  if (!data) return <Loading />;
  const { bounds, tag } = data;
  if (writing) return <Writing drawn={drawn} bounds={bounds} tag={tag} onDone={() => setWriting(false)} />;
  const kinds = Object.entries(bounds.kinds).filter(([, metres]) => metres > 0) as [keyof Bounds["kinds"], number][];
  return (
    <>
      {bounds.stale && (
        <p className="form-fault" role="status">
          {say("bounds.stale")}
        </p>
      )}
      <dl className="facts sides">
        {sideNames.map((side) => (
          <div key={side}>
            <dt>{say(`bounds.${side}`)}</dt>
            <dd>{bounds.sides[side].text[lang]}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        {kinds
          .map(([kind, metres]) => `${say(`bounds.kind.${kind}`)} ${percent(metres / bounds.length_m)}`)
          .join(" · ")}
      </p>
      <p className="muted">
        {bounds.kept && `${say("bounds.kept")} · `}
        {bounds.walked
          ? say("bounds.walked", { who: bounds.walked.who, date: bounds.walked.date })
          : say("bounds.notWalked", {
              done: bounds.segments.filter((s) => s.walk).length,
              all: bounds.segments.length,
            })}
      </p>
      <button type="button" className="small" onClick={() => setWriting(true)}>
        {say("bounds.write")}
      </button>
    </>
  );
}

function Writing({
  drawn,
  bounds,
  tag,
  onDone,
}: {
  readonly drawn: Drawn;
  readonly bounds: Bounds;
  readonly tag: string;
  readonly onDone: () => void;
}) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const lang = language === "en" ? "en" : "zh";
  const [texts, setTexts] = useState(
    () => Object.fromEntries(sideNames.map((s) => [s, bounds.sides[s].text[lang]])) as Record<SideName, string>,
  );
  const [fault, setFault] = useState("");
  const keep = async (said: (side: SideName) => string, words: string) => {
    try {
      const sides = Object.fromEntries(sideNames.map((s) => [s, { ...bounds.sides[s].kept, [lang]: said(s) }]));
      await keepBounds(drawn.plan.id, bounds, tag, sides);
      tell("done", words);
      onDone();
    } catch (reason) {
      if (reason instanceof Refused) setFault(reason.message);
      else tellFault(reason, speaker);
    }
  };
  const save = (e: FormEvent) => {
    e.preventDefault();
    void keep((s) => texts[s], say("bounds.saved"));
  };
  return (
    <form className="bounds-form" onSubmit={save}>
      {sideNames.map((side) => (
        <label key={side} className="field">
          <span>{say(`bounds.${side}`)}</span>
          <textarea
            rows={2}
            maxLength={500}
            value={texts[side]}
            placeholder={bounds.sides[side].made[lang]}
            onChange={(e) => setTexts({ ...texts, [side]: e.target.value.replaceAll("\n", "") })}
          />
        </label>
      ))}
      {fault && (
        <p className="form-fault" role="alert">
          {fault}
        </p>
      )}
      <div className="bounds-acts">
        {bounds.kept && (
          <button type="button" className="quiet small" onClick={() => void keep(() => "", say("bounds.made"))}>
            {say("bounds.asMade")}
          </button>
        )}
        <button type="button" className="small" onClick={onDone}>
          {say("page.cancel")}
        </button>
        <button type="submit" className="primary small">
          {say("bounds.save")}
        </button>
      </div>
    </form>
  );
}

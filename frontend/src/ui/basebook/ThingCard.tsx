import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { changesDocument, thingDocument } from "../../api/basebook";
import { attributes, isCounted, type Thing } from "../../core/basebook";
import type { Feature } from "../../core/contract";
import { blank, sketchOf } from "../../core/sketch";
import { begin, openThing } from "../../state/basebook";
import { CloseIcon } from "../icons";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import { ChangeItem } from "./Changes";
import { AttributesForm, CountForm, RemoveForm } from "./forms";
import { answerWords, day } from "./words";

/** What is known of a building, a compound or another thing, and how it is corrected. */
export function ThingCard({ thing }: { readonly thing: Thing }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { data: feature, isError } = useQuery(thingDocument(thing.layer, thing.code, speaker.language));
  const name = feature?.name || feature?.building_no || thing.code;
  return (
    <section className="detail" aria-label={say("basebook.thing")} data-thing={`${thing.layer} ${thing.code}`}>
      <div className="detail-head">
        <div>
          <h2>{name}</h2>
          <p className="muted">
            {say(`basebook.one.${thing.layer}`)} · {thing.code}
            {feature?.community && ` · ${speaker.nameOf(feature.community)}`}
          </p>
        </div>
        <button type="button" className="quiet square" aria-label={say("page.close")} onClick={() => openThing(null)}>
          <CloseIcon />
        </button>
      </div>
      <div className="detail-body">
        {feature === undefined && !isError && <Loading />}
        {isError && <p className="form-fault">{say("basebook.unread")}</p>}
        {feature === null && <p className="muted">{say("basebook.gone")}</p>}
        {feature && <Known key={`${thing.layer} ${thing.code}`} thing={thing} feature={feature} />}
        <History thing={thing} />
      </div>
    </section>
  );
}

/** The form that is open on a card; a count is known by its measure and whom it counts. */
type Open =
  | { readonly form: "attributes" | "remove" }
  | { readonly form: "count"; readonly measure: string; readonly kind: string };

function Known({ thing, feature }: { readonly thing: Thing; readonly feature: Feature }) {
  const { say } = useSpeaker();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const drawn = sketchOf(feature.geometry as { type: string } | null | undefined);
  const redraw = () => begin({ kind: "move", thing }, drawn ?? blank("polygon"));
  return (
    <>
      <Attributes thing={thing} feature={feature} />
      {isCounted(thing.layer) && (
        <Counts feature={feature} onCorrect={(measure, kind) => setOpen({ form: "count", measure, kind })} />
      )}
      <div className="ledger-actions">
        {isCounted(thing.layer) && (
          <button
            type="button"
            className="small"
            onClick={() => setOpen({ form: "count", measure: "", kind: "" })}
            data-add-count
          >
            {say("basebook.count.add")}
          </button>
        )}
        <button type="button" className="small" onClick={() => setOpen({ form: "attributes" })} data-edit>
          {say("basebook.attributes")}
        </button>
        {(drawn || thing.layer === "building") && (
          <button type="button" className="small" onClick={redraw} data-redraw>
            {say("basebook.move")}
          </button>
        )}
        <button type="button" className="small" onClick={() => setOpen({ form: "remove" })} data-remove>
          {say("basebook.remove")}
        </button>
      </div>
      {open?.form === "count" && (
        <CountForm
          key={`${open.measure} ${open.kind}`}
          feature={feature}
          measure={open.measure}
          kind={open.kind}
          onEnd={close}
        />
      )}
      {open?.form === "attributes" && <AttributesForm thing={thing} feature={feature} onEnd={close} />}
      {open?.form === "remove" && <RemoveForm thing={thing} name={feature.name || thing.code} onEnd={close} />}
    </>
  );
}

function Attributes({ thing, feature }: { readonly thing: Thing; readonly feature: Feature }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  return (
    <dl className="facts one">
      {attributes[thing.layer].map((attribute) => {
        const words = answerWords(speaker, feature, attribute);
        return words === "" ? null : (
          <div key={attribute}>
            <dt>{say(`basebook.attribute.${attribute}`)}</dt>
            <dd>{words}</dd>
          </div>
        );
      })}
      <div>
        <dt>{say("basebook.since")}</dt>
        <dd>
          {day(speaker, feature.since)} · {feature.source}
        </dd>
      </div>
    </dl>
  );
}

interface CountsProps {
  readonly feature: Feature;
  readonly onCorrect: (measure: string, kind: string) => void;
}

function Counts({ feature, onCorrect }: CountsProps) {
  const speaker = useSpeaker();
  const { say, count } = speaker;
  if (feature.tallies.length === 0) return <p className="warning">{say("basebook.count.none")}</p>;
  return (
    <ul data-counts>
      {feature.tallies.map((t) => (
        <li key={`${t.measure} ${t.kind}`} className="tally" data-count={t.measure}>
          <span>{t.label}</span>
          <strong className="number">{count(t.count)}</strong>
          <button
            type="button"
            className="quiet small"
            aria-label={say("basebook.count.correct.what", { measure: t.label })}
            onClick={() => onCorrect(t.measure, t.kind)}
          >
            {say("basebook.count.correct")}
          </button>
          <small className="tally-of">
            {[say(`basebook.kind.${(t.kind || "unsaid") as "unsaid"}`), day(speaker, t.counted_on), t.source]
              .filter(Boolean)
              .join(" · ")}
          </small>
        </li>
      ))}
    </ul>
  );
}

function History({ thing }: { readonly thing: Thing }) {
  const { say, language } = useSpeaker();
  const changes = useQuery(changesDocument({ layer: thing.layer, code: thing.code }, language)).data;
  if (!changes || changes.length === 0) return null;
  return (
    <section className="card-form">
      <h3>{say("basebook.history")}</h3>
      <ul className="ledger-list in-card">
        {changes.map((change) => (
          <ChangeItem key={change.id} change={change} />
        ))}
      </ul>
    </section>
  );
}

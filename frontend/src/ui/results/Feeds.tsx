import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { deliveriesDocument, replay, subscribe, subscriptionsDocument, unsubscribe } from "../../api/feeds";
import type { Subscription } from "../../core/contract";
import { tellFault } from "../actions";
import { useSpeaker } from "../language";
import { Loading } from "../states";
import { useAttempt } from "../useAttempt";
import "./feeds.css";

const parts = ["grids", "lineage", "people"] as const;

/** The platforms that are told when something is published, and how each delivery went. */
export function Feeds() {
  const { say } = useSpeaker();
  const subscriptions = useQuery(subscriptionsDocument()).data;
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Subscription | null>(null);
  if (!subscriptions) return <Loading />;
  const done = (s: Subscription) => {
    setMade(s);
    setAdding(false);
  };
  return (
    <section className="feeds" aria-labelledby="feeds-title">
      <h3 id="feeds-title">{say("feeds.title")}</h3>
      <p className="muted">{say("feeds.words")}</p>
      {made && (
        <p className="feeds-secret" role="status">
          {say("feeds.secret", { name: made.name })}
          <code>{made.secret}</code>
          <button type="button" className="small" onClick={() => setMade(null)}>
            {say("feeds.secret.noted")}
          </button>
        </p>
      )}
      {subscriptions.length === 0 && !adding && <p className="muted">{say("feeds.none")}</p>}
      {subscriptions.map((s) => (
        <Receiver key={s.id} subscription={s} />
      ))}
      {adding ? (
        <NewReceiver onMade={done} onCancel={() => setAdding(false)} />
      ) : (
        <button type="button" className="small" data-subscribe onClick={() => setAdding(true)}>
          {say("feeds.add")}
        </button>
      )}
    </section>
  );
}

function NewReceiver({ onMade, onCancel }: { onMade: (s: Subscription) => void; onCancel: () => void }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { attempt, sending, fault } = useAttempt(speaker);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const wish = {
      name: text("name"),
      url: text("url"),
      areas: text("areas")
        .split(/[\s,，、;；]+/)
        .filter(Boolean),
      parts: parts.filter((p) => form.has(p)),
    };
    void attempt(async () => onMade(await subscribe(wish)));
  };
  return (
    <form className="feeds-form" onSubmit={send}>
      <label className="field">
        {say("feeds.name")}
        <input name="name" required maxLength={200} />
      </label>
      <label className="field">
        {say("feeds.url")}
        <input name="url" type="url" required placeholder="https://" />
      </label>
      <label className="field">
        {say("feeds.areas")}
        <input name="areas" />
      </label>
      <fieldset>
        <legend>{say("feeds.parts")}</legend>
        {parts.map((p) => (
          <label key={p}>
            <input type="checkbox" name={p} defaultChecked={p !== "people"} /> {say(`feeds.part.${p}`)}
          </label>
        ))}
      </fieldset>
      {fault && <p className="form-fault">{fault}</p>}
      <div className="feeds-end">
        <button type="button" onClick={onCancel}>
          {say("page.cancel")}
        </button>
        <button type="submit" className="primary" disabled={sending}>
          {say("feeds.make")}
        </button>
      </div>
    </form>
  );
}

function Receiver({ subscription }: { readonly subscription: Subscription }) {
  const speaker = useSpeaker();
  const { say, count } = speaker;
  const [shown, setShown] = useState(false);
  const [ending, setEnding] = useState(false);
  const { id, name, url, areas, waiting, delivered, given_up } = subscription;
  const end = () => void unsubscribe(id).catch((reason) => tellFault(reason, speaker));
  return (
    <details className="feeds-one" data-subscription={id} onToggle={(e) => setShown(e.currentTarget.open)}>
      <summary>
        <strong>{name}</strong>
        <span className="muted">{areas.length === 0 ? say("feeds.everywhere") : areas.join(" ")}</span>
        <span className="chip good">{say("feeds.delivered", { n: count(delivered) })}</span>
        {waiting > 0 && <span className="chip warn">{say("feeds.waiting", { n: count(waiting) })}</span>}
        {given_up > 0 && <span className="chip severity-error">{say("feeds.givenUp", { n: count(given_up) })}</span>}
      </summary>
      <p className="feeds-url">{url}</p>
      {shown && <Deliveries id={id} />}
      {ending ? (
        <p className="feeds-end">
          {say("feeds.end.sure")}
          <button type="button" className="small" onClick={() => setEnding(false)}>
            {say("page.cancel")}
          </button>
          <button type="button" className="small" onClick={end}>
            {say("feeds.end")}
          </button>
        </p>
      ) : (
        <button type="button" className="small" onClick={() => setEnding(true)}>
          {say("feeds.end")}
        </button>
      )}
    </details>
  );
}

function Deliveries({ id }: { readonly id: number }) {
  const speaker = useSpeaker();
  const { say, moment, language } = speaker;
  const deliveries = useQuery(deliveriesDocument(id, language)).data;
  if (!deliveries) return <Loading />;
  if (deliveries.length === 0) return <p className="muted">{say("feeds.quiet")}</p>;
  const again = (delivery: number) => void replay(delivery).catch((reason) => tellFault(reason, speaker));
  return (
    <ul className="feeds-deliveries">
      {deliveries.map((d) => (
        <li key={d.id} data-delivery={d.state}>
          <span>
            {say(`feeds.kind.${d.kind}`, { division: String(d.division), day: d.effective })}
            <span className="muted">
              {d.tried_at === null
                ? ` · ${say("feeds.untried")}`
                : ` · ${moment(d.tried_at)} · ${say("feeds.attempts", { n: d.attempts })}`}
              {d.next_at !== null && d.tried_at !== null && ` · ${say("feeds.next", { at: moment(d.next_at) })}`}
            </span>
            {d.failure && <span className="form-fault">{d.failure}</span>}
          </span>
          <span className={`chip ${chips[d.state]}`}>{say(`feeds.state.${d.state}`)}</span>
          {d.state !== "waiting" && (
            <button type="button" className="small" onClick={() => again(d.id)}>
              {say("feeds.replay")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

const chips = { waiting: "warn", delivered: "good", given_up: "severity-error" } as const;

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useStore } from "zustand";
import { kindsDocument, mostThings, thingsDocument } from "../../api/basebook";
import { drawnLayers, type ThingLayer, thingLayers } from "../../core/basebook";
import type { BasebookRow, Feature } from "../../core/contract";
import { basebook, begin } from "../../state/basebook";
import { walk } from "../GridList";
import { type Speaker, useSpeaker } from "../language";
import { SearchField } from "../SearchField";
import { Loading } from "../states";
import { goToThing } from "./actions";

/** Filters of the list, by layer: what a planner asks for most. */
const onlys = {
  building: { uncounted: { counted: "no" }, unplaced: { placed: "no" }, high: { floors_min: "7" } },
  compound: { three_no: { three_no: "yes" }, unmanaged: { no_property_mgmt: "yes" }, uncounted: { counted: "no" } },
  organisation: { new_org: { new_org: "yes" } },
  road: {},
} as const;

type Only = "uncounted" | "unplaced" | "high" | "three_no" | "unmanaged" | "new_org";

/** Buildings, compounds and the like: found by name, code or what is known of them, and the way to add what is missing. */
export function Things({ rows }: { readonly rows: readonly BasebookRow[] }) {
  const speaker = useSpeaker();
  const { say, language, nameOf, count } = speaker;
  const community = useStore(basebook, (b) => b.community);
  const row = rows.find((r) => r.code === community);
  const [layer, setLayer] = useState<ThingLayer>("building");
  const [search, setSearch] = useState("");
  const [only, setOnly] = useState<Only | "">("");
  const [kind, setKind] = useState("");
  const [near, setNear] = useState(true);
  const kinds = useQuery(kindsDocument(language)).data?.[layer] ?? [];
  const q = useDeferredValue(search).trim();
  const filters: Partial<Record<Only, Readonly<Record<string, string>>>> = onlys[layer];
  const wished = { ...(only ? filters[only] : {}), ...(kind ? { kind } : {}) };
  const scope = near && row ? row.code : "all";
  const { data: found, isError } = useQuery(thingsDocument({ layer, q, scope, only: wished }, language));
  const turn = (to: ThingLayer) => {
    setLayer(to);
    setOnly("");
    setKind("");
  };
  return (
    <>
      <div className="list-tools">
        <fieldset className="segments heaps" aria-label={say("basebook.layer")}>
          {thingLayers.map((l) => (
            <button key={l} type="button" aria-pressed={layer === l} onClick={() => turn(l)} data-layer={l}>
              {say(`basebook.layer.${l}`)}
            </button>
          ))}
        </fieldset>
        <SearchField label={say("basebook.things.search")} value={search} onChange={setSearch} />
        {Object.keys(filters).length > 0 && (
          <select value={only} aria-label={say("list.filter")} onChange={(e) => setOnly(e.target.value as Only)}>
            <option value="">{say("basebook.only.all")}</option>
            {(Object.keys(filters) as Only[]).map((f) => (
              <option key={f} value={f}>
                {say(`basebook.only.${f}`)}
              </option>
            ))}
          </select>
        )}
        {kinds.length > 0 && (
          <select value={kind} aria-label={say("basebook.attribute.kind")} onChange={(e) => setKind(e.target.value)}>
            <option value="">{say("basebook.only.kinds")}</option>
            {kinds.map((k) => (
              <option key={k.name} value={k.name}>
                {k.label}
              </option>
            ))}
          </select>
        )}
        {row && (
          <label className="switch">
            <input type="checkbox" checked={near} onChange={(e) => setNear(e.target.checked)} />
            {say("basebook.things.near", { community: nameOf(row) })}
          </label>
        )}
        <div className="ledger-actions">
          {drawnLayers.map((l) => (
            <button
              key={l}
              type="button"
              className="small"
              onClick={() => begin({ kind: "add", layer: l })}
              data-add={l}
            >
              {say(`basebook.add.${l}`)}
            </button>
          ))}
        </div>
      </div>
      {!found && (isError ? <p className="ledger-note form-fault">{say("basebook.unread")}</p> : <Loading />)}
      {found && (
        <>
          <p className="ledger-note muted" role="status" data-found={found.total}>
            {say("basebook.things.found", { n: found.total })}
            {found.sums.map((s) => ` · ${s.label} ${count(s.count)}`)}
            {found.length_km > 0 &&
              ` · ${say("basebook.things.length", { km: Math.round(found.length_km * 100) / 100 })}`}
            {found.total > mostThings && ` · ${say("basebook.things.more", { n: mostThings })}`}
          </p>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows are a convenience, every row is a button */}
          <div className="ledger-scroll" onKeyDown={walk}>
            {found.total === 0 && <p className="list-none">{say("basebook.things.none")}</p>}
            <ul>
              {found.features.map((feature) => (
                <ThingRow key={feature.code} feature={feature} layer={layer} speaker={speaker} />
              ))}
            </ul>
          </div>
        </>
      )}
    </>
  );
}

interface RowProps {
  readonly feature: Feature;
  readonly layer: ThingLayer;
  readonly speaker: Speaker;
}

function ThingRow({ feature, layer, speaker }: RowProps) {
  const { count, nameOf } = speaker;
  const open = useStore(basebook, (b) => b.thing?.layer === layer && b.thing.code === feature.code);
  const counts = feature.tallies.slice(0, 3).map((t) => `${t.label} ${count(t.count)}`);
  const words = [feature.community && nameOf(feature.community), feature.kind_label || feature.kind, ...counts];
  return (
    <li>
      <button
        type="button"
        className="row thing-row"
        data-row
        data-code={feature.code}
        aria-current={open || undefined}
        onClick={() => goToThing({ layer, code: feature.code }, feature.at)}
      >
        <span className="row-name">{feature.name || feature.building_no || feature.code}</span>
        <span className="row-code">{feature.code}</span>
        <span className="row-words">{words.filter(Boolean).join(" · ")}</span>
      </button>
    </li>
  );
}

import { useState } from "react";
import { documents } from "../api/documents";
import type { Plan, Status } from "../core/contract";
import { openDialog } from "../state/workspace";
import { useSpeaker } from "./language";
import type { OnGround } from "./useGround";

/** What the page says when there is no plan to show. */

export function Loading() {
  const { say } = useSpeaker();
  return (
    <p className="state-words" aria-busy="true">
      {say("page.loading")}
    </p>
  );
}

export function Gone() {
  const { say } = useSpeaker();
  return (
    <div className="state-card" role="alert">
      <h2>{say("gone.title")}</h2>
      <p>{say("gone.words")}</p>
      <button type="button" className="primary" onClick={() => void documents.refetchQueries()}>
        {say("gone.retry")}
      </button>
    </div>
  );
}

const commands = {
  largeGrids: {
    zh: "gridwright import large-grids.geojson --layer large_grid --map code=编号 --map name=名称",
    en: "gridwright import large-grids.geojson --layer large_grid --map code=ID --map name=NAME",
  },
  blocks: {
    zh: "gridwright import blocks.geojson --layer block --map code=地块号 --map parent=大网格编号 --map households=户数 --map residents=人口",
    en: "gridwright import blocks.geojson --layer block --map code=ID --map parent=LARGE_GRID --map households=HH --map residents=POP",
  },
  community: {
    zh: "gridwright import communities.geojson --layer community --map code=编号 --map name=名称",
    en: "gridwright import communities.geojson --layer community --map code=ID --map name=NAME",
  },
  road: {
    zh: "gridwright import roads.geojson --layer road --map name=名称 --map class=等级",
    en: "gridwright import roads.geojson --layer road --map name=NAME --map class=CLASS",
  },
  building: {
    zh: "gridwright import buildings.geojson --layer building --map code=楼栋号 --map households=户数 --map residents=人口",
    en: "gridwright import buildings.geojson --layer building --map code=ID --map households=HH --map residents=POP",
  },
  osm: {
    zh: "gridwright import city.osm.pbf --layer osm",
    en: "gridwright import city.osm.pbf --layer osm",
  },
};

export function Empty() {
  const { say, language } = useSpeaker();
  const demo = say("empty.demo", { command: "\u0000" }).split("\u0000");
  return (
    <div className="state-card wide">
      <h2>{say("empty.title")}</h2>
      <p>
        <button type="button" className="primary" onClick={() => openDialog({ kind: "import", id: null })} data-import>
          {say("import.title")}
        </button>
      </p>
      <p>{say("empty.words")}</p>
      <Command title={say("empty.largeGrids")} text={commands.largeGrids[language]} />
      <Command title={say("empty.blocks")} text={commands.blocks[language]} />
      <details className="more">
        <summary>{say("empty.raw")}</summary>
        {(["community", "road", "building"] as const).map((layer) => (
          <Command
            key={layer}
            title={say(layer === "community" ? "layers.communities" : `noground.${layer}`)}
            text={commands[layer][language]}
          />
        ))}
        <Command title={say("ground.build.first")} text="gridwright ground build --scope all" />
      </details>
      <p className="muted">{say("empty.columns")}</p>
      <p className="muted">
        {demo[0]}
        <code>gridwright demo</code>
        {demo[1]}
      </p>
    </div>
  );
}

function Command({ title, text }: { readonly title: string; readonly text: string }) {
  const { say } = useSpeaker();
  const [copied, setCopied] = useState(false);
  return (
    <div className="command">
      <div className="command-head">
        <strong>{title}</strong>
        {/* Browsers give the clipboard to secure pages only. */}
        {navigator.clipboard && (
          <button
            type="button"
            className="quiet small"
            onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
          >
            {say(copied ? "empty.copied" : "empty.copy")}
          </button>
        )}
      </div>
      <pre>
        <code>{text}</code>
      </pre>
    </div>
  );
}

const rawLayers = ["road", "water", "railway", "wall", "building", "compound"] as const;

/** There are areas and no blocks yet: what to import first, and the way to make blocks of it. */
export function NoGround({ ground }: { readonly ground: OnGround }) {
  const { say, language } = useSpeaker();
  const raw = rawLayers.filter((layer) => ground.layers.has(layer));
  const { communities, largeGrids } = ground;
  const separator = language === "zh" ? "、" : ", ";
  return (
    <section className="panel-state panel-scroll">
      <h2>{say("noground.title")}</h2>
      <p>{say("noground.words", { communities: communities.length, largeGrids: largeGrids.length })}</p>
      {(["road", "building", "osm"] as const).map((layer) => (
        <Command key={layer} title={say(`noground.${layer}`)} text={commands[layer][language]} />
      ))}
      <p className={raw.length > 0 ? "muted" : "warning"} data-raw={raw.join(" ")}>
        {raw.length > 0
          ? say("noground.have", { layers: raw.map((layer) => say(`layer.${layer}`)).join(separator) })
          : say("noground.haveNone")}
      </p>
      <button type="button" className="primary" onClick={() => openDialog({ kind: "build" })}>
        {say("ground.build.first")}
      </button>
    </section>
  );
}

export function NoPlan({ status }: { readonly status: Status }) {
  const { say } = useSpeaker();
  return (
    <section className="panel-state">
      <h2>{say("noplan.title")}</h2>
      <p>{say("noplan.words", { largeGrids: status.areas.large_grid ?? 0, blocks: status.blocks })}</p>
      <button type="button" className="primary" onClick={() => openDialog({ kind: "split", scope: "all" })}>
        {say("split.new")}
      </button>
    </section>
  );
}

/** A plan that has no result, and why. */
export function Unfinished({ plan }: { readonly plan: Plan }) {
  const { say } = useSpeaker();
  if (plan.state === "queued" || plan.state === "solving") {
    return (
      <section className="panel-state" aria-busy="true">
        <h2>{say("plan.waiting.title")}</h2>
        <p>{say("plan.waiting.words")}</p>
      </section>
    );
  }
  const failed = plan.state === "failed";
  return (
    <section className="panel-state" data-state={plan.state}>
      <h2>{say(failed ? "plan.failed.title" : "plan.cancelled.title")}</h2>
      <p className={failed ? "form-fault" : ""}>{failed ? plan.error : say("plan.cancelled.words")}</p>
      <button type="button" className="primary" onClick={() => openDialog({ kind: "split", scope: "all" })}>
        {say("plan.again")}
      </button>
    </section>
  );
}

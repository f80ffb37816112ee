import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStore } from "zustand";
import { areasDocument } from "../../api/documents";
import { exportAddress, missingDocument, reportAddress, reportsDocument } from "../../api/results";
import type { Language } from "../../core/language/language";
import { workspace } from "../../state/workspace";
import { type Speaker, useSpeaker } from "../language";
import { Loading } from "../states";
import type { Drawn } from "../usePlan";
import { Feeds } from "./Feeds";
import { TakeAway } from "./TakeAway";
import "./results.css";

const formats = ["shp", "gpkg", "geojson", "kml", "fgb", "csv", "xlsx", "pmtiles"] as const;
const systems = ["", "EPSG:4490", "gcj02", "bd09", "EPSG:4523", "EPSG:4524"] as const;
const languages: readonly Language[] = ["zh", "en"];

/** Results is where all that is handed out of a plan is had (成果). */
export function Results({ drawn }: { readonly drawn: Drawn }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [said, setSaid] = useState({ scope: "", from: "", to: "", language: speaker.language });
  const reports = useQuery(reportsDocument(speaker.language)).data;
  const communities = useQuery(areasDocument("community")).data ?? [];
  const chosen = useStore(workspace, (w) => w.choice.grid);
  const grid = chosen === null ? undefined : drawn.byNo.get(chosen);
  // A grid that is no longer the chosen one is not what the list shows.
  const scope = said.scope === grid?.code || communities.some((a) => a.code === said.scope) ? said.scope : "";
  const set = (part: Partial<typeof said>) => setSaid({ ...said, ...part });
  const { id } = drawn.plan;
  if (!reports) return <Loading />;
  const named = (name: string, other: string) => (speaker.language === "en" && other ? other : name);
  const wishFor = (r: (typeof reports)[number], format: string) => ({
    kind: r.kind,
    format,
    scope: r.scoped ? scope : "",
    ...(r.period ? { from: said.from, to: said.to } : {}),
  });
  return (
    <div className="results" data-plan={id}>
      <section aria-labelledby="results-wish">
        <h2 id="results-wish">{say("results.wish")}</h2>
        <div className="results-wish">
          <label className="field">
            {say("results.scope")}
            <select value={scope} onChange={(e) => set({ scope: e.currentTarget.value })} data-scope>
              <option value="">{say("results.all")}</option>
              {grid && (
                <option value={grid.code}>{say("results.grid", { grid: named(grid.name, grid.name_en) })}</option>
              )}
              {communities.map((a) => (
                <option key={a.code} value={a.code}>
                  {named(a.name, a.name_en) || a.code}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            {say("results.language")}
            <select
              value={said.language}
              onChange={(e) => set({ language: languages.find((l) => l === e.currentTarget.value) ?? "zh" })}
              data-language
            >
              <option value="zh">中文</option>
              <option value="en">English</option>
            </select>
          </label>
          <label className="field">
            {say("results.from")}
            <input
              type="date"
              value={said.from}
              max={said.to || undefined}
              onChange={(e) => set({ from: e.currentTarget.value })}
            />
          </label>
          <label className="field">
            {say("results.to")}
            <input
              type="date"
              value={said.to}
              min={said.from || undefined}
              onChange={(e) => set({ to: e.currentTarget.value })}
            />
          </label>
        </div>
      </section>
      <section aria-labelledby="results-package">
        <h3 id="results-package">{say("results.package")}</h3>
        <p className="muted">{say("results.package.words")}</p>
        <TakeAway
          label={say("results.package.make")}
          address={reportAddress(id, { kind: "package", format: "zip", scope }, said.language)}
          primary
        />
        <Missing plan={id} revision={drawn.revision} scope={scope} speaker={speaker} />
      </section>
      <section aria-labelledby="results-reports">
        <h3 id="results-reports">{say("results.reports")}</h3>
        <ul className="results-list">
          {reports
            .filter((r) => r.kind !== "package")
            .map((r) => (
              <li key={r.kind} data-report={r.kind}>
                <span className="results-kind">{r.kind}</span>
                <span>
                  {r.title}
                  {r.period && <small className="muted"> {say("results.ofPeriod")}</small>}
                </span>
                <span className="results-formats">
                  {r.formats.map((format) =>
                    format === "zip" ? (
                      <TakeAway
                        key={format}
                        label="ZIP"
                        address={reportAddress(id, wishFor(r, format), said.language)}
                      />
                    ) : (
                      <a
                        key={format}
                        href={reportAddress(id, wishFor(r, format), said.language)}
                        download
                        aria-label={`${r.title} ${format.toUpperCase()}`}
                      >
                        {format.toUpperCase()}
                      </a>
                    ),
                  )}
                </span>
              </li>
            ))}
        </ul>
      </section>
      <Exports plan={id} language={said.language} speaker={speaker} />
      <Feeds />
    </div>
  );
}

interface MissingProps {
  readonly plan: string;
  readonly revision: number;
  readonly scope: string;
  readonly speaker: Speaker;
}

/** What the package lacks; asked for when somebody wants to know. */
function Missing({ plan, revision, scope, speaker: { say, language } }: MissingProps) {
  const [open, setOpen] = useState(false);
  const { data, isError } = useQuery({ ...missingDocument(plan, revision, scope, language), enabled: open });
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)} data-missing>
      <summary>{say("results.missing")}</summary>
      {!data && (isError ? <p className="form-fault">{say("results.unread")}</p> : <Loading />)}
      {data && data.length === 0 && <p>{say("results.missing.none")}</p>}
      <ol>
        {data?.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ol>
    </details>
  );
}

interface ExportsProps {
  readonly plan: string;
  readonly language: Language;
  readonly speaker: Speaker;
}

/** The grids as files for other programs. */
function Exports({ plan, language, speaker: { say } }: ExportsProps) {
  const [crs, setCrs] = useState<string>("");
  const projected = crs.startsWith("EPSG:45"); // KML is in degrees
  return (
    <section aria-labelledby="results-exports">
      <h3 id="results-exports">{say("results.exports")}</h3>
      <label className="field">
        {say("results.crs")}
        <select value={crs} onChange={(e) => setCrs(e.currentTarget.value)}>
          {systems.map((s) => (
            <option key={s} value={s}>
              {s === "" ? "WGS 84" : s}
            </option>
          ))}
        </select>
      </label>
      <p className="results-formats" data-exports>
        {(projected ? formats.filter((f) => f !== "kml") : formats).map((format) => (
          <a
            key={format}
            href={exportAddress(
              plan,
              { format, crs: format === "pmtiles" ? "" : crs, encoding: format === "shp" ? "gbk" : "" },
              language,
            )}
            download
          >
            {format === "shp" ? "SHP (GBK)" : format === "pmtiles" ? "PMTiles" : format.toUpperCase()}
          </a>
        ))}
      </p>
    </section>
  );
}

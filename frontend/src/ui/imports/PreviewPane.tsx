import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import { useEffect, useRef, useState } from "react";
import { previewDocument } from "../../api/imports";
import { boxOf } from "../../core/box";
import type { Box, ImportFile } from "../../core/contract";
import { type Fate, fateColours, PreviewMap } from "../../map/preview";
import { useSpeaker } from "../language";

const fates = Object.keys(fateColours) as Fate[];

/** The file on a map, over the ground that is there: its box while it is decided on, what becomes of each thing after a trial. */
export function PreviewPane({ file }: { readonly file: ImportFile | null }) {
  const { say, count } = useSpeaker();
  const place = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<PreviewMap | null>(null);
  const tried = file?.state === "tried";
  const preview = useQuery({ ...previewDocument(file?.id ?? 0, JSON.stringify(file?.summary)), enabled: tried }).data;
  const box = boxOf(file?.inspection?.crs.bounds) as Box | null;
  const title = useRef(say("import.map"));
  const stored = file?.stored ? String(file.import) : ""; // then the ground has it
  const placeless = file?.inspection?.crs.bounds === null || (file?.stored && !box);

  useEffect(() => {
    if (!place.current) return;
    let open: PreviewMap | null = null;
    let left = false;
    PreviewMap.open(place.current, title.current, stored).then(
      (m) => {
        if (left) m.close();
        else {
          open = m;
          setMap(m);
        }
      },
      () => undefined,
    ); // without WebGL there is no map; everything it says is in words as well
    return () => {
      left = true;
      setMap(null);
      open?.close();
    };
  }, [stored]);

  const around = JSON.stringify(box);
  useEffect(() => {
    const found = JSON.parse(around) as Box | null;
    map?.frame(found);
    if (found) map?.lookAt(found);
  }, [map, around]);
  useEffect(
    () => map?.show(tried ? ((preview as FeatureCollection | undefined) ?? null) : null),
    [map, tried, preview],
  );

  const compared = tried ? file.report?.compared : undefined;
  return (
    <aside className="wizard-map" aria-label={say("import.map")}>
      <div className="wizard-canvas" ref={place} />
      {(!file || placeless) && (
        <p className="wizard-hint muted">{say(file ? "import.map.none" : "import.map.words")}</p>
      )}
      {compared && (
        <ul className="fate-legend">
          {fates.map((f) => (
            <li key={f} data-fate={f}>
              <span className="swatch" style={{ borderColor: fateColours[f], background: `${fateColours[f]}55` }} />
              {say(`import.fate.${f}`)} {count(f === "refused" ? (file?.report?.refused_rows ?? 0) : compared[f].rows)}
            </li>
          ))}
          {(preview?.left_out ?? 0) > 0 && (
            <li className="muted">{say("import.leftOut", { n: preview?.left_out ?? 0 })}</li>
          )}
        </ul>
      )}
    </aside>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { statusDocument } from "../api/documents";
import { measureName } from "../core/language/language";
import { useSpeaker } from "./language";

/** Returns how measures are called in the reader's language; one the service does not know is called by its own name. */
export function useMeasures(): (measure: string) => string {
  const { language } = useSpeaker();
  const measures = useQuery(statusDocument(language)).data?.measures;
  return useMemo(() => {
    const labels = new Map(measures?.map((m) => [m.name, m.label]));
    return (measure) => labels.get(measure) ?? measureName(language, measure);
  }, [measures, language]);
}

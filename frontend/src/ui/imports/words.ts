import { dictionaries } from "../../core/language/language";
import { useSpeaker } from "../language";
import { useMeasures } from "../useMeasures";

/** Returns what a field of a layer is called; one the page does not know goes by its own name. */
export function useFieldName(): (field: string) => string {
  const { language } = useSpeaker();
  const measure = useMeasures();
  const names: Partial<Record<string, string>> = dictionaries[language];
  return (field) => names[`field.${field}`] ?? measure(field);
}

import { dictionaries, type Language } from "../../core/language/language";

/** What a layer is called; one the page does not know goes by its own name. */
export function layerTitle(language: Language, layer: string): string {
  const names: Partial<Record<string, string>> = dictionaries[language];
  return names[`layer.${layer}`] ?? layer;
}

import { type Attribute, answers, type Column, numberIn, stateOf, written } from "../../core/basebook";
import type { BasebookRow, Feature } from "../../core/contract";
import { tag } from "../../core/language/language";
import type { Speaker } from "../language";

/** The day of a time in the contract's form, short. */
export function day({ language }: Speaker, at: string | null): string {
  if (at === null) return "";
  return new Intl.DateTimeFormat(tag(language), { dateStyle: "medium" }).format(new Date(at));
}

/** What a cell of the table says; a dash where nobody counted. */
export function cell(speaker: Speaker, column: Column, row: BasebookRow): string {
  const { say } = speaker;
  switch (column) {
    case "code":
      return speaker.nameOf(row);
    case "state":
      return say(`basebook.state.${stateOf(row)}`);
    case "boundary":
      return say(`basebook.boundary.${row.boundary}`);
    case "ground":
      return say(`basebook.ground.${row.ground}`);
    case "sheet":
      return say(`basebook.sheet.${row.sheet}`, {
        on: day(speaker, row.sheet === "sent" ? row.sent_on : row.returned_on),
      });
    default:
      return figure(speaker, column, numberIn(column, row));
  }
}

/** A number of a column; a dash where there is none. */
export function figure({ count, area }: Speaker, column: Column, n: number | null): string {
  if (n === null) return "–";
  return column === "area" ? area(n * 1e6) : count(n);
}

/** The way down to an area: the names of those above it. */
export function pathWords({ nameOf }: Speaker, row: BasebookRow): string {
  return row.path.map(nameOf).join(" / ");
}

// Of organisations of a compound some only say whether there is one.
const yesOrName: readonly Attribute[] = ["committee", "owners_committee", "property_company"];

/** What is known of an attribute, in words; empty where nothing is. */
export function answerWords({ say }: Speaker, feature: Feature, attribute: Attribute): string {
  if (attribute === "kind") return feature.kind_label || feature.kind;
  const text = written(feature, attribute);
  const asked = answers.includes(attribute) || yesOrName.includes(attribute);
  return asked && (text === "yes" || text === "no") ? say(`basebook.answer.${text}`) : text;
}

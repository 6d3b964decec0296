import { optionLetter } from "../option-letter.ts";
import { MappingFault } from "./mapping.ts";
import { isLettered, readLabelledOptions } from "./options.ts";

/** Options without labels of their own, or lettered from A in order; and the labels that answers name them by. */
export interface Choices {
  options: string[];
  /** In upper case; undefined where they are A, B, C … in order. */
  labels: string[] | undefined;
}

/** `B. x`, `(b) x`, `1) x`; a colon stands behind capital letters alone, as `1: 30` is a time. Spaces behind: `U.S.` has no label. */
const label = /^\s*[([]?(?:([A-Z])[.):\]]+|([a-z]|\d{1,2})[.)\]]+)\s+(?=\S)/;
const tightLabel = /^\s*[([]?([A-Z])[.):\]]+\s*(?=\S)/;
const labelName = /^\s*[([]?([A-Za-z]|\d{1,2})[.):\]]*\s*$/;

/**
 * Options whose own labels, a letter or a number each, are taken off: before their texts, or in `label` fields.
 *
 * @throws {MappingFault} If a label is there twice, or some options have one and others none; as {@link readLabelledOptions}.
 */
export function readChoices(value: unknown): Choices {
  const { texts, labels: fields } = readLabelledOptions(value);
  if (isLettered(texts) && fields === undefined) return { options: texts, labels: undefined };
  const before = labelsBefore(texts);
  const named = fields === undefined ? undefined : distinct(fields.map(nameOf), texts);
  if (named && before?.names.some((name, i) => name !== named[i]))
    throw new MappingFault("OPTIONS", `options have the labels ${named.join(", ")} and ${before.names.join(", ")}`);
  if (isLettered(texts)) return { options: texts, labels: undefined };
  const labels = named ?? before?.names;
  const isInOrder = labels?.every((name, i) => name === optionLetter(i)) ?? true;
  return { options: before?.texts ?? texts, labels: isInOrder ? undefined : labels };
}

function labelsBefore(texts: readonly string[]): { names: string[]; texts: string[] } | undefined {
  const tight = texts.map((text) => tightLabel.exec(text)?.[1]);
  const isTight = texts.every((_, i) => tight.includes(optionLetter(i)));
  const pattern = isTight ? tightLabel : label;
  const found = texts.map((text) => pattern.exec(text));
  const marks = found.map((match) => (match?.[1] ?? match?.[2])?.toUpperCase());
  const names = areLabels(marks) ? distinct(marks, texts) : undefined;
  return names === undefined ? undefined : { names, texts: texts.map((text) => text.replace(pattern, "")) };
}

/** Two at least, all among the first letters or numbers for so many options: `I. Newton` and `A. Einstein` begin with initials. */
function areLabels(marks: readonly (string | undefined)[]): boolean {
  const places = marks.flatMap((mark) =>
    mark === undefined ? [] : [/\d/.test(mark) ? Number(mark) : mark.charCodeAt(0) - 65],
  );
  return places.length > 1 && places.every((place) => place <= marks.length + 1);
}

const nameOf = (field: unknown): string | undefined => labelName.exec(String(field ?? ""))?.[1]?.toUpperCase();

/** The labels if each option has one; undefined if none has. */
function distinct(names: readonly (string | undefined)[], texts: readonly string[]): string[] | undefined {
  if (names.every((name) => name === undefined)) return undefined;
  const bare = names.indexOf(undefined);
  if (bare >= 0)
    throw new MappingFault(
      "OPTIONS",
      `the option ${JSON.stringify(texts[bare])} has no label and others have one: label all of them or none`,
    );
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined)
    throw new MappingFault("OPTIONS", `several options have the label ${twin}: give each one of its own, or none`);
  return names as string[];
}

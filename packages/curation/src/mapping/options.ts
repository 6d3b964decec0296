import { optionLetter } from "../option-letter.ts";
import { isBlank, MappingFault } from "./mapping.ts";

/** A letter before an option's text, as `A. `, `(A) `, `A) ` or `A: `. */
const letterLabel = /^\s*[([]?([A-Z])[.):\]]\s*/;

/**
 * The texts of options, from a list of texts or of objects with a `text`, `choice` or `option`, a map of letters (`{"A": "…"}`), or a text: a list as JSON or Python writes it, or texts
 * between line breaks, `|` or `;`.
 *
 * @throws {MappingFault} If one of them is blank, or they are none of these.
 */
export const readOptions = (value: unknown): string[] => readLabelledOptions(value).texts;

/** The same with what `label` fields beside the texts say; undefined if there are none. */
export function readLabelledOptions(value: unknown): { texts: string[]; labels: unknown[] | undefined } {
  const listed = typeof value === "string" ? listIn(value) : value;
  const options = Array.isArray(listed) ? listed : isMap(listed) ? optionsOfMap(listed) : undefined;
  if (options === undefined)
    throw new MappingFault("OPTIONS", `options are no list: ${shown(value)}; put | between them`);
  const texts = options.map((entry) => {
    const option = isMap(entry) ? (entry.text ?? entry.choice ?? entry.option ?? entry) : entry;
    if (typeof option === "object" && option !== null)
      throw new MappingFault("OPTIONS", `an option is no text: ${shown(option)}`);
    return isBlank(option) ? "" : String(option).trim();
  });
  const blank = texts.indexOf("");
  if (blank >= 0) throw new MappingFault("OPTIONS", `option ${optionLetter(blank)} is empty, and a later one is not`);
  if (texts.length > 26) throw new MappingFault("OPTIONS", `${texts.length} options have not letters enough`);
  return { texts, labels: labelFields(listed, options) };
}

function labelFields(listed: unknown, options: readonly unknown[]): unknown[] | undefined {
  if (!Array.isArray(listed)) {
    const { label, labels = label } = Object(listed) as Record<string, unknown>;
    return Array.isArray(labels) ? options.map((_, i) => (labels as unknown[])[i]) : undefined;
  }
  const labels = options.map((entry) => (isMap(entry) ? entry.label : undefined));
  return labels.every((label) => label === undefined) ? undefined : labels;
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Values in the order of their letters; those behind the last full one are left out. */
function optionsOfMap(map: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const texts = map.text ?? map.texts ?? map.choices;
  if (Array.isArray(texts)) return texts; // {label: [...], text: [...]}, as ARC and CommonsenseQA have them
  const letters = Object.keys(map).sort();
  if (letters.some((letter, i) => letter !== optionLetter(i))) return undefined;
  const values = letters.map((letter) => map[letter]);
  return values.slice(0, values.findLastIndex((value) => !isBlank(value)) + 1);
}

function listIn(text: string): unknown {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    const parsed = parsedJson(trimmed) ?? pythonTexts(trimmed);
    if (parsed !== undefined) return parsed;
  }
  const separator = ["\n", "|", ";"].find((each) => trimmed.includes(each));
  if (separator === undefined) return undefined;
  return trimmed
    .split(separator)
    .map((part) => part.trim())
    .filter((part, i, all) => part !== "" || i < all.length - 1);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const pythonText = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|\]$)/y;

/** A Python list of texts, `['a', "b's"]`; undefined for anything else. numpy prints it without commas: those are none. */
function pythonTexts(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  const texts: string[] = [];
  pythonText.lastIndex = 1;
  for (let match = pythonText.exec(text); match !== null; match = pythonText.exec(text)) {
    texts.push((match[1] ?? match[2]!).replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped)));
    if (match[3] !== ",") return texts;
  }
  return undefined;
}

/** Whether each option begins with its own letter, from A in order. */
export const isLettered = (options: readonly string[]): boolean =>
  options.every((option, i) => letterLabel.exec(option)?.[1] === optionLetter(i));

/** Options with their letters as Video-R1's records have them, `A. a kettle`; as they are if each begins with its own. */
export function withLetters(options: readonly string[]): string[] {
  return isLettered(options) ? [...options] : options.map((option, i) => `${optionLetter(i)}. ${option}`);
}

/** Options without the letters that each begins with. */
export function withoutLetters(options: readonly string[]): string[] {
  return isLettered(options) ? options.map((option) => option.replace(letterLabel, "")) : [...options];
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

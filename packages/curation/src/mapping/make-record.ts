import { answerLetter, surveyedLetter } from "./answer-letter.ts";
import { choiceFields } from "./known-columns.ts";
import type { AnswerKind, Row } from "./mapping.ts";
import { isBlank, MappingFault } from "./mapping.ts";
import { type MediaFieldsOptions, mediaFields } from "./media-fields.ts";
import { type Choices, readChoices } from "./option-labels.ts";
import { readOptions, withLetters } from "./options.ts";
import { optionsInText } from "./options-in-text.ts";
import { inferProblemType, problemTypeOf } from "./problem-type.ts";
import { recordFields } from "./record-fields.ts";

export interface MakeRecordOptions extends MediaFieldsOptions {
  /** How answers name their options; default `auto`. */
  answerIs?: AnswerKind | undefined;
  /** With `auto`: what numbers among the answers mean, over all rows. */
  numbers: AnswerKind | undefined;
  /** The id of a row that has none. */
  number(): number | string;
}

export interface MadeRecord {
  record: Record<string, unknown>;
  /** What was done that the row did not say, as codes to count. */
  notes: string[];
}

/**
 * A record of the values that a row has for its fields, and the columns that no field took, which are kept; one that has the name
 * of a field is kept as `source_<name>`, because in a record it would mean something.
 *
 * @throws {MappingFault} With the reason, if the row gives no record.
 */
export function makeRecord(values: Row, rest: Row, options: MakeRecordOptions): MadeRecord {
  const notes: string[] = [];
  const problem = isBlank(values.problem) ? "" : String(values.problem);
  if (problem === "") throw new MappingFault("PROBLEM", "has no question");
  const listed = isBlank(values.options) || isEmptyList(values.options) ? [] : readOptions(values.options);
  const answer = answerOf(values);
  const named = problemTypeOf(values.problem_type);
  const mayChoose = listed.length === 0 && (named ?? "multiple choice") === "multiple choice";
  const inText = mayChoose ? optionsInText(problem, answer.text) : undefined;
  if (inText !== undefined) notes.push("options found in the question");
  const given = inText?.options ?? listed;
  const type = named ?? inferProblemType(answer.text, given);
  if (named === undefined) notes.push(`type inferred: ${type}`);
  if (type === "multiple choice" && given.length === 0)
    throw new MappingFault("OPTIONS", "is multiple choice and has no options");
  const isChoice = type === "multiple choice";
  const choices: Choices =
    isChoice && inText === undefined ? readChoices(values.options) : { options: given, labels: undefined };
  const lettered = isChoice ? withLetters(choices.options) : given;
  if (choices.options.some((option, i) => option !== given[i])) notes.push("options lettered anew");
  else if (lettered.some((option, i) => option !== given[i])) notes.push("letters put before options");
  if (given.length === 0 && /^[A-H]$/.test(answer.text)) notes.push("answered by a letter, without options");
  const media = mediaFields(values, options);
  const solution = isChoice ? `<answer>${letterOf(answer.value, choices, options)}</answer>` : answer.solution;
  const process = isBlank(values.process) ? answer.process : thought(String(values.process));
  const made: Record<string, unknown> = {
    ...numbersOf(values),
    problem_id: idOf(values.problem_id, options, notes),
    problem: withoutTag(inText?.problem ?? problem, media),
    problem_type: type,
    options: lettered,
    ...(process === undefined ? {} : { process }),
    solution,
    ...media,
    ...texts(values, ["data_source", "original_question_type"]),
  };
  const kept = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return {
    record: {
      ...Object.fromEntries(recordFields.filter((name) => name in made).map((name) => [name, made[name]])),
      ...Object.fromEntries(
        kept.map(([name, value]) => [recordFields.includes(name) ? `source_${name}` : name, value]),
      ),
    },
    notes,
  };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function letterOf(
  answer: unknown,
  { options, labels }: Choices,
  { answerIs = "auto", numbers }: MakeRecordOptions,
): string {
  return answerIs === "auto"
    ? surveyedLetter(answer, options, numbers, labels)
    : answerLetter(answer, options, answerIs, labels);
}

/** The answer with and without its tags, and the thinking before it. */
export function answerOf({ solution }: Row): {
  value: unknown;
  text: string;
  solution: string;
  process: string | undefined;
} {
  const value = Array.isArray(solution) && solution.length === 1 ? (solution as unknown[])[0] : solution;
  if (isBlank(value)) throw new MappingFault("ANSWER", "has no answer");
  if (typeof value === "object") {
    const several = Array.isArray(value) ? `there are ${value.length} answers` : "the answer is no text";
    throw new MappingFault("ANSWER", `${several}: map one of them`);
  }
  refuseRounded("ANSWER", "answer", value);
  const whole = String(value);
  const [, inside] = /<answer>([\s\S]*?)<\/answer>/.exec(whole) ?? [];
  const [block, thinking] = /<think>([\s\S]*?)<\/think>/.exec(whole) ?? [];
  const process = isBlank(thinking) ? undefined : block;
  if (inside !== undefined) {
    const tagged = /<answer>[\s\S]*<\/answer>/.exec(whole)![0];
    return { value: inside.trim(), text: inside.trim(), solution: tagged, process };
  }
  const text = (block === undefined ? whole : whole.replace(block, "")).trim();
  if (text === "") throw new MappingFault("ANSWER", "has no answer behind its thinking");
  return { value: typeof value === "number" ? value : text, text, solution: `<answer>${text}</answer>`, process };
}

const thought = (text: string): string => (text.includes("<think>") ? text : `<think>${text}</think>`);

/** The file may say another number than the one that was read, so the fault does not name it. */
function refuseRounded(code: string, thing: string, value: unknown): void {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new MappingFault(
      code,
      `the ${thing} is a number beyond 2^53, which cannot be held exactly: write it as text`,
    );
}

/** Integers stay, as do texts; of a table of texts a plain integer is one. */
function idOf(value: unknown, { number }: MakeRecordOptions, notes: string[]): number | string {
  if (isBlank(value)) {
    notes.push("ids numbered");
    return number();
  }
  refuseRounded("ID", "id", value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (typeof value === "object") throw new MappingFault("ID", "the id is no number and no text");
  const text = String(value).trim();
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/**
 * Of a single medium the tag is left out: it stands before the text anyway, as in Video-R1's records. LLaVA marks videos by `<image>`
 * too.
 */
function withoutTag(problem: string, media: Row): string {
  if (media.path === undefined) return problem;
  const [before, ...after] = problem.split(/<(?:image|video)>/);
  const isAtEnd = after.length === 1 && (before!.trim() === "" || after[0]!.trim() === "");
  return isAtEnd ? `${before}${after[0]}`.trim() : problem;
}

function texts(values: Row, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.filter((name) => !isBlank(values[name])).map((name) => [name, String(values[name])]));
}

/** Seconds, rates and counts; a text of a table is a number, and `1:02:03.5` a time. */
function numbersOf(values: Row): Record<string, number> {
  const names = ["video_start", "video_end", ...choiceFields].filter((name) => !isBlank(values[name]));
  return Object.fromEntries(names.map((name) => [name, numberOf(name, values[name])]));
}

function numberOf(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  const text = String(value).trim();
  const parts = name.startsWith("video_") ? text.split(":") : [text];
  const number = parts.reduce(
    (total, part) => (/^-?\d+(\.\d+)?$/.test(part) ? total * 60 + Number(part) : Number.NaN),
    0,
  );
  if (Number.isNaN(number)) throw new MappingFault("NUMBER", `${name}: ${JSON.stringify(text)} is no number`);
  return number;
}

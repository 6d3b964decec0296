import { posix } from "node:path";
import { type Example, type MediaItem, mediaOf, type RecordPlace } from "@videor1/data";
import { extractAnswer, type ProblemType, problemTypes, type Rules, solutionFault } from "@videor1/rewards";
import { goldIndex, type Option, readOption } from "./option.ts";
import { plainText } from "./text-key.ts";
import { typeMeant } from "./type-meant.ts";

/** A record as the checks read it: what can be read of it even where it breaks the record rules. */
export interface LintRecord {
  fields: Readonly<Record<string, unknown>>;
  place: RecordPlace;
  id: number | string | undefined;
  problem: string;
  /** The type that is meant, whatever its spelling; undefined if it is none. */
  type: ProblemType | undefined;
  options: readonly string[];
  /** The options of a multiple choice question, with their texts as they are compared. */
  choices: readonly (Option & { plain: string })[];
  /** The index of the option that the gold names by its letter or its place; -1 if it is none. */
  goldAt: number;
  process: string;
  solution: string;
  /** The text between the solution's tags. */
  gold: string;
  /** Why no answer can earn the gold, as `solutionFault` says it; undefined for a good one. */
  goldFault: string | undefined;
  media: readonly MediaItem[];
  dataSource: string;
  /** The record rules that it breaks. */
  issues: readonly string[];
}

export interface ReadOutcome {
  fields: unknown;
  place: RecordPlace;
  /** The parsed record; undefined if it breaks the record rules. */
  example?: Example | undefined;
  /** The rules that it breaks. */
  issues?: readonly string[] | undefined;
}

/** A record for the checks. */
export function lintRecord({ fields: given, place, example, issues = [] }: ReadOutcome, rules: Rules): LintRecord {
  const fields = (isTable(given) ? given : {}) as Readonly<Record<string, unknown>>;
  const { problem_id: id } = fields;
  const type = example?.problemType ?? typeMeant(fields.problem_type);
  const solution = textOf(fields.solution);
  const options = Array.isArray(fields.options) ? fields.options.map(textOf) : [];
  const choices = (type === "multiple choice" ? options : []).map((option) => {
    const read = readOption(option);
    return { ...read, plain: plainText(read.text) };
  });
  const gold = extractAnswer(solution, { rules: "video-r1" });
  const fault =
    example || type === undefined || solution === "" ? undefined : solutionFault(solution, type, options, rules);
  return {
    fields,
    place,
    id: typeof id === "number" || typeof id === "string" ? id : undefined,
    problem: textOf(fields.problem),
    type,
    options,
    choices,
    goldAt: goldIndex(gold, choices),
    process: textOf(fields.process),
    solution,
    gold,
    goldFault: fault,
    media: example ? mediaOf(example) : mediaNamed(fields),
    dataSource: textOf(fields.data_source),
    issues,
  };
}

const isTable = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function mediaNamed({ path, data_type }: Readonly<Record<string, unknown>>): MediaItem[] {
  const isPath = typeof path === "string" && path !== "";
  return isPath && (data_type === "image" || data_type === "video") ? [{ kind: data_type, path }] : [];
}

/** The key of a record's media: of equal media equal. */
export const mediaKey = (media: readonly MediaItem[]): string =>
  media.map(({ path }) => [path].flat().map(plainPath).join("|")).join("||");

/** A path without "./" in front, doubled slashes and ways back. */
export const plainPath = (path: string): string => (/^\.?\/|\/\/|\/\.\.?\//.test(path) ? posix.normalize(path) : path);

/** The types that records can have, as words for a message. */
export const typeNames = problemTypes.map((type) => `"${type}"`).join(", ");

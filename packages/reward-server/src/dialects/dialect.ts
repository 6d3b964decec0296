import type { ProblemType, Rules } from "@videor1/rewards";
import { optionsFault, type RewardOptionsChange } from "@videor1/rewards/options";
import type { z } from "zod";
import type { UnscorableAction } from "../options.ts";
import { RequestError } from "../request-error.ts";
import type { Item, Score } from "../score-item.ts";
import type { OwnScoring } from "../scoring.ts";

/** What a request asks for by itself, where it differs from the server's options. */
export interface OwnOptions extends OwnScoring {
  onUnscorable?: UnscorableAction;
}

/** A score as a response has it: null where an item could not be scored and null was asked for. */
export type WrittenScore = Omit<Score, "reward" | "accuracy"> & { reward: number | null; accuracy: number | null };

/** A parsed request in a trainer's format: the items to score, and `write` of the response in the same format. */
export interface Batch {
  items: readonly Item[];
  own: OwnOptions;
  /** Where in the request the item's truth stands: `labels[3]`. */
  pathOf(index: number): string;
  write(results: readonly WrittenScore[], summary: Summary): unknown;
}

export interface Summary {
  failed: number;
  /** Wall time since the request's headers: to receive the body, to parse and check it, to score. */
  milliseconds: { receive: number; parse: number; score: number };
}

/** Values for what a request leaves out. */
export interface Defaults {
  rules: Rules;
  problemType: ProblemType | undefined;
}

/**
 * Parses a request in one trainer's format.
 *
 * @throws {RequestError} 422 with the path of what is wrong.
 */
export type Dialect = (body: unknown, query: Readonly<Record<string, string>>, defaults: Defaults) => Batch;

/** What is wrong with an item that has no type, where neither the request nor the server names one for it. */
export const noType = "nothing names a problem type";

/** `items[3].completion` */
function pathText(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, root);
}

export function wrongShape(path: string, problem: string, hint: string, details: object = {}): RequestError {
  const message = path === "" ? problem : `${path}: ${problem}`;
  return new RequestError(422, "wrong-shape", message, hint, { path, ...details });
}

/**
 * Parses `value`, which stands at the path `root` of the request, by `schema`.
 *
 * @throws {RequestError} 422 with the path of the first problem, and the first ten.
 */
export function parseShape<T>(schema: z.ZodType<T>, value: unknown, hint: string, root = ""): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => ({ path: pathText(path, root).slice(0, 200), message: message.slice(0, 200) }));
  throw wrongShape(problems[0]!.path, problems[0]!.message, hint, { problems });
}

/**
 * Checks that the request's rules have the options that it asks for.
 *
 * @throws {RequestError} 422 if they do not.
 */
export function refuseWrongOptions(rules: Rules, options: RewardOptionsChange, path: string): void {
  const fault = optionsFault(rules, options);
  if (fault !== undefined) throw wrongShape(path, fault, 'Ask for the rules "safe", or leave the options out.');
}

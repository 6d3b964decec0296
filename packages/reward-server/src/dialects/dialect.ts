import { type ProblemType, problemTypes, type Rules } from "@videor1/rewards";
import { z } from "zod";
import { RequestError } from "../request-error.ts";
import type { Item, Score } from "../score-item.ts";

/** A parsed request in a trainer's format: the items to score, and `write` of the response in the same format. */
export interface Batch {
  items: readonly Item[];
  rules: Rules;
  write(results: readonly Score[], summary: Summary): unknown;
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
  /** What becomes of an OpenRLHF sample whose label is null. */
  nullLabels: "fail" | "refuse";
}

/**
 * Parses a request in one trainer's format.
 *
 * @throws {RequestError} 422 with the path of what is wrong.
 */
export type Dialect = (body: unknown, query: Readonly<Record<string, string>>, defaults: Defaults) => Batch;

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

const querySchema = z.strictObject({
  rules: z.enum(["safe", "video-r1"]).optional(),
  problem_type: z.enum(problemTypes).optional(),
});

/** Rules and default type of a request whose body has no room for them. */
export function queryDefaults(query: Readonly<Record<string, string>>, defaults: Defaults): Defaults {
  const hint = "The URL may end in ?rules=safe (or video-r1) and problem_type=..., joined by &.";
  const { rules, problem_type } = parseShape(querySchema, query, hint);
  return { ...defaults, rules: rules ?? defaults.rules, problemType: problem_type ?? defaults.problemType };
}

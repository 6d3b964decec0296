import { type ProblemType, problemTypes } from "@videor1/rewards";
import { z } from "zod";
import { parseShape, wrongShape } from "./dialect.ts";

const labelSchema = z.strictObject({ solution: z.string(), problem_type: z.enum(problemTypes).nullish() });

const hint =
  'A label is the solution as text, or { "solution": text, "problem_type": text }, or the JSON text of that. Where it names no type, end the URL in ?problem_type=..., or serve --problem-type ....';

/**
 * Reads the solution and the problem type from a label of a data set for OpenRLHF or slime. A type of null is none, as
 * Parquet fills a missing key.
 *
 * @throws {RequestError} 422 with the path, if the label is of another shape or nothing names a type.
 */
export function parseLabel(
  value: unknown,
  path: string,
  defaultType: ProblemType | undefined,
): { solution: string; problemType: ProblemType } {
  const label = unpacked(value);
  const { solution, problem_type: ownType } =
    typeof label === "string" ? { solution: label, problem_type: null } : parseShape(labelSchema, label, hint, path);
  const problemType = ownType ?? defaultType;
  if (problemType === undefined) throw wrongShape(path, "nothing names a problem type", hint);
  return { solution, problemType };
}

/** Parses a label that a data set keeps as JSON text; returns any other as it is. */
function unpacked(value: unknown): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null && "solution" in parsed ? parsed : value;
  } catch {
    return value;
  }
}

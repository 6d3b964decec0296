import type { ProblemType } from "@videor1/rewards";
import { z } from "zod";
import type { Item } from "../score-item.ts";
import { noType, wrongShape } from "./dialect.ts";

const labelSchema = z.strictObject({
  solution: z.string(),
  problem_type: z.string().nullish(),
  options: z.array(z.string()).nullish(),
});

const shape =
  'A label is the solution as text, or { "solution": text, "problem_type": text, "options": [text] }, or the JSON text of that.';
const typeHint = `${shape} Where it names no type, end the URL in ?problem_type=..., or serve --problem-type ....`;

/**
 * The item of a completion and the label that a data set for OpenRLHF or slime has for it. A type of null is none, as Parquet
 * fills a missing key. A label of another shape, without a solution or of an unknown type makes an item that cannot be scored.
 *
 * @param path - Of the label, for messages.
 * @throws {RequestError} 422 for a solution as text where neither the URL nor the server names a type: that is no fault of the
 * label.
 */
export function labelledItem(
  completion: string,
  value: unknown,
  path: string,
  defaultType: ProblemType | undefined,
): Item {
  const unscorable = (problem: string): Item => ({
    completion,
    solution: "",
    problemType: "",
    problem: `${path}: ${problem}`,
  });
  const label = unpacked(value);
  if (label === null || label === undefined) return unscorable("is null, so there is nothing to compare");
  if (typeof label === "string") {
    if (defaultType === undefined) throw wrongShape(path, noType, typeHint);
    return { completion, solution: label, problemType: defaultType };
  }
  const parsed = labelSchema.safeParse(label);
  if (!parsed.success) {
    const { path: place, message } = parsed.error.issues[0]!;
    return unscorable(`${[...place, message].join(": ").slice(0, 200)}. ${shape}`);
  }
  const { solution, problem_type: ownType, options } = parsed.data;
  const problemType = ownType ?? defaultType;
  if (problemType === undefined) return unscorable(noType);
  return { completion, solution, problemType, options };
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

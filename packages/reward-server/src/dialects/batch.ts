import { z } from "zod";
import { type Dialect, parseShape, wrongShape } from "./dialect.ts";

const bodySchema = z.strictObject({
  items: z.array(
    z.strictObject({
      id: z.union([z.string(), z.number()]).optional(),
      completion: z.string(),
      solution: z.string(),
      problemType: z.string().optional(),
    }),
  ),
  rules: z.enum(["safe", "video-r1"]).optional(),
});

const hint =
  'Send { "items": [{ "completion": text, "solution": text, "problemType": text, "id": text or number, if any }], "rules": "safe" or "video-r1", if any }.';

/** The server's own format: every field of every score, in the order of the items, with the item's id if it has one. */
export const batch: Dialect = (body, query, defaults) => {
  parseShape(z.strictObject({}), query, "This endpoint takes no query: rules and types are in the body.");
  const { items, rules = defaults.rules } = parseShape(bodySchema, body, hint);
  return {
    rules,
    items: items.map(({ completion, solution, problemType = defaults.problemType }, i) => {
      if (problemType === undefined) throw wrongShape(`items[${i}].problemType`, "is missing", hint);
      return { completion, solution, problemType };
    }),
    write: (results, summary) => ({
      rules,
      results: results.map((score, i) => ({ id: items[i]!.id, ...score })),
      ...summary,
    }),
  };
};

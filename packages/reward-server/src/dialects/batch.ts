import { z } from "zod";
import { type Dialect, parseShape, wrongShape } from "./dialect.ts";
import { itemId } from "./item-id.ts";

const bodySchema = z.strictObject({
  items: z.array(
    z.strictObject({
      id: itemId,
      completion: z.string(),
      solution: z.string(),
      problemType: z.string().nullish(),
      thinkingOpened: z.boolean().nullish(),
    }),
  ),
  rules: z.enum(["safe", "video-r1"]).nullish(),
});

const hint =
  'Send { "items": [{ "completion": text, "solution": text, "problemType": text, "id": text or number, if any, "thinkingOpened": true if the prompt ends in <think> }], "rules": "safe" or "video-r1", if any }.';

/** The server's own format: every field of every score, in the order of the items, with the item's id if it has one. */
export const batch: Dialect = (body, query, defaults) => {
  parseShape(z.strictObject({}), query, "This endpoint takes no query: rules and types are in the body.");
  const { items, rules: ownRules } = parseShape(bodySchema, body, hint);
  const rules = ownRules ?? defaults.rules;
  return {
    rules,
    items: items.map(({ completion, solution, problemType: ownType, thinkingOpened }, i) => {
      const problemType = ownType ?? defaults.problemType;
      if (problemType === undefined) throw wrongShape(`items[${i}].problemType`, "is missing", hint);
      return { completion, solution, problemType, thinkingOpened: thinkingOpened ?? undefined };
    }),
    write: (results, summary) => ({
      rules,
      results: results.map((score, i) => ({ id: items[i]!.id ?? undefined, ...score })),
      ...summary,
    }),
  };
};

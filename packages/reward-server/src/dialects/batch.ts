import { problemTypes } from "@videor1/rewards";
import { RewardOptions, RewardOptionsChange } from "@videor1/rewards/options";
import { z } from "zod";
import { unscorableActions } from "../options.ts";
import type { Item } from "../score-item.ts";
import { type Dialect, noType, parseShape, refuseWrongOptions, wrongShape } from "./dialect.ts";
import { itemId } from "./item-id.ts";

const itemSchema = z.strictObject({
  id: itemId,
  completion: z.string(),
  solution: z.string().nullable(),
  problemType: z.string().nullish(),
  options: z.array(z.string()).nullish(),
  thinkingOpened: z.boolean().nullish(),
});

const bodySchema = z.strictObject({
  items: z.array(itemSchema),
  rules: z.enum(["safe", "video-r1"]).nullish(),
  rewardOptions: RewardOptionsChange.nullish(),
  onUnscorable: z.enum(unscorableActions).nullish(),
});

const hint = `Send { "items": [{ "completion": text, "solution": text, "problemType": text, "id": text or number, if any, "options": [text], if any, "thinkingOpened": true if the prompt ends in <think> }], "rules": "safe" or "video-r1", if any, "rewardOptions": { any of ${RewardOptions.keyof().options.join(", ")}: true or false }, if any, "onUnscorable": any of ${unscorableActions.join(", ")}, if any }.`;

const isKnown = (type: string | undefined): boolean => problemTypes.some((known) => known === type);

/** The server's own format: every field of every score, in the order of the items, with the item's id if it has one. */
export const batch: Dialect = (body, query, defaults) => {
  parseShape(z.strictObject({}), query, "This endpoint takes no query: rules, options and types are in the body.");
  const { items, rules: ownRules, rewardOptions, onUnscorable } = parseShape(bodySchema, body, hint);
  const rules = ownRules ?? defaults.rules;
  refuseWrongOptions(rules, rewardOptions ?? {}, "rewardOptions");
  const types = items.map(({ problemType }) => problemType ?? defaults.problemType);
  if (items.length > 0 && types.every((type) => type === undefined))
    throw wrongShape("items[0].problemType", "is missing, as in every item", hint);
  return {
    own: {
      ...(ownRules && { rules: ownRules }),
      ...(rewardOptions && { rewardOptions }),
      ...(onUnscorable && { onUnscorable }),
    },
    items: items.map(({ completion, solution, options, thinkingOpened }, i): Item => {
      const [truth, problemType] = [solution ?? "", types[i] ?? ""];
      const problem = solution === null ? "the solution is null" : types[i] === undefined ? noType : undefined;
      return {
        completion,
        solution: truth,
        problemType,
        options,
        thinkingOpened: thinkingOpened ?? undefined,
        problem,
      };
    }),
    pathOf(i) {
      if (items[i]!.solution === null) return `items[${i}].solution`;
      return isKnown(types[i]) ? `items[${i}]` : `items[${i}].problemType`;
    },
    write: (results, summary) => ({
      rules,
      results: results.map((score, i) => ({ id: items[i]!.id ?? undefined, ...score })),
      ...summary,
    }),
  };
};

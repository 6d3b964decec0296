import { type ProblemType, problemTypes } from "@videor1/rewards";
import { RewardOptions } from "@videor1/rewards/options";
import { z } from "zod";
import { unscorableActions } from "../options.ts";
import { type Defaults, type OwnOptions, parseShape, refuseWrongOptions } from "./dialect.ts";

const optionNames = RewardOptions.keyof().options;
const isOn = z.enum(["true", "false"]).transform((text) => text === "true");

const switches = Object.fromEntries(optionNames.map((name) => [name, isOn.optional()]));

const querySchema = z
  .strictObject({
    rules: z.enum(["safe", "video-r1"]).optional(),
    problem_type: z.enum(problemTypes).optional(),
    onUnscorable: z.enum(unscorableActions).optional(),
  })
  .extend(switches as Record<(typeof optionNames)[number], z.ZodOptional<typeof isOn>>);

const hint = `The URL may end in ?rules=safe (or video-r1), problem_type=..., onUnscorable=${unscorableActions.join("|")}, and under the safe rules ${optionNames.join(", ")}=true or false, joined by &.`;

/**
 * Options and default type of a request whose body has no room for them.
 *
 * @throws {RequestError} 422 for a name or a value that there is none of.
 */
export function urlOptions(
  query: Readonly<Record<string, string>>,
  defaults: Defaults,
): { own: OwnOptions; problemType: ProblemType | undefined } {
  const { rules, problem_type: problemType, onUnscorable, ...rewardOptions } = parseShape(querySchema, query, hint);
  refuseWrongOptions(rules ?? defaults.rules, rewardOptions, Object.keys(rewardOptions)[0] ?? "");
  return {
    own: {
      ...(Object.keys(rewardOptions).length > 0 && { rewardOptions }),
      ...(rules && { rules }),
      ...(onUnscorable && { onUnscorable }),
    },
    problemType: problemType ?? defaults.problemType,
  };
}

import type { TrainedGroup, WeighedGroup } from "@videor1/tgrpo";
import type { PolicyInput } from "./policy.ts";
import type { PreparedPrompt } from "./prompts.ts";

/** A step's prompts with their groups, from sampling to the update, by prompt id. */
export function heldPrompts() {
  const held = new Map<string, { prompt: PreparedPrompt; group: WeighedGroup }>();
  const get = (id: string) => {
    const found = held.get(id);
    if (!found) throw new RangeError(`This worker holds no prompt ${id}; it holds ${[...held.keys()].join(", ")}`);
    return found;
  };
  return {
    add: (prompt: PreparedPrompt, group: WeighedGroup) => held.set(prompt.id, { prompt, group }),
    get,
    /** @param advantages - By prompt id; default: those that the groups were weighed with. */
    groups: (
      ids: readonly string[],
      advantages: Readonly<Record<string, readonly number[]>> = {},
    ): TrainedGroup<PolicyInput>[] =>
      ids.map((id) => {
        const { prompt, group } = get(id);
        const own = advantages[id];
        if (!own) return { input: prompt.ordered, group };
        const ordered = group.ordered.map((rollout, i) => ({ ...rollout, advantage: own[i]! }));
        return { input: prompt.ordered, group: { ordered } };
      }),
    clear: () => held.clear(),
  };
}

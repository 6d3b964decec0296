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
    groups: (ids: readonly string[]): TrainedGroup<PolicyInput>[] =>
      ids.map((id) => {
        const { prompt, group } = get(id);
        return { input: prompt.ordered, group };
      }),
    clear: () => held.clear(),
  };
}

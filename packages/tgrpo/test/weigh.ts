import type { RolloutGroup, ScoredGroup, WeighedGroup } from "../src/rollout.ts";
import type { GroupScore } from "../src/score-group.ts";
import { withScore } from "../src/weigh-group.ts";

/** A group of bare rollouts with its score, in the form that metrics read. */
export const weigh = (group: RolloutGroup, score: GroupScore): WeighedGroup =>
  withScore({ ...group, promptId: "p", failed: [] } as unknown as ScoredGroup, score);

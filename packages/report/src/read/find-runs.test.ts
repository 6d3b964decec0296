import { expect, test } from "vitest";
import { nameRun } from "./find-runs.ts";

test.each([
  { root: "/runs/miniature", path: ["rl", "grpo"], arm: "grpo", seed: null, reason: "an arm of npm start" },
  {
    root: "/runs/ablation",
    path: ["grpo", "3-100", "rl"],
    arm: "grpo",
    seed: "3-100",
    reason: "a run of the ablation",
  },
  {
    root: "/runs",
    path: ["seed-1", "rl", "tgrpo"],
    arm: "tgrpo",
    seed: "seed-1",
    reason: "npm start with other seeds",
  },
  { root: "/runs/slow", path: [], arm: "slow", seed: null, reason: "a run by itself" },
  { root: "/runs/slow/rl", path: [], arm: "slow", seed: null, reason: "'rl' says nothing" },
  { root: "/runs/grpo/2-7", path: ["rl"], arm: "grpo", seed: null, reason: "the name is above" },
  { root: "/runs", path: ["lr", "high", "4", "rl"], arm: "lr/high", seed: "4", reason: "names of several parts" },
])("$root/$path is arm $arm, seed $seed: $reason", ({ root, path, arm, seed }) => {
  expect(nameRun(root, path)).toEqual({ arm, seed });
});

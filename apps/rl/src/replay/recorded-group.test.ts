import type { RolloutGroupLine } from "@videor1/runs";
import { expect, test } from "vitest";
import { recordedSamples, withIds } from "./recorded-group.ts";

const rollout = (token: number, id?: string) => ({
  text: "",
  tokens: 1,
  accuracy: 1,
  format: 1,
  completionIds: [token],
  logps: [-token],
  ...(id && { id }),
});
const earned = { temporalBonus: 0, lengthBonus: 0, reward: 2, advantage: 0 };

/** A line as runs without ids wrote it. */
const line = (round: number, ...tokens: number[]): RolloutGroupLine => ({
  step: 3,
  problemId: 7,
  dataSource: "s",
  problemType: "OCR",
  dataType: "video",
  problem: "?",
  options: [],
  solution: "<answer>x</answer>",
  path: "a.mp4",
  round,
  seed: 1,
  framesHash: "",
  frameIndices: [0],
  permutation: [0],
  p: 1,
  pShuffled: 1,
  temporalReward: 1,
  ordered: tokens.map((token) => ({ ...rollout(token), ...earned })),
  shuffled: [rollout(9)],
});

test("lines without ids get those that training writes: step, round, place in the round", () => {
  const groups = withIds([line(0, 1, 2), line(0, 3), line(1, 4)]);
  expect(groups.map(({ id, policyVersion }) => [id, policyVersion])).toEqual([
    ["3/0/0", 2],
    ["3/0/1", 2],
    ["3/1/0", 2],
  ]);
  expect(groups[0]!.ordered.map(({ id }) => id)).toEqual(["3/0/0/ordered/0", "3/0/0/ordered/1"]);
  expect(groups[0]!.shuffled[0]!.id).toBe("3/0/0/shuffled/0");
});

test("completions come back in the order in which they were sampled, those that could not be scored among them", () => {
  const id = "3/0/0";
  const group = {
    ...line(0),
    id,
    policyVersion: 2,
    ordered: [
      { ...rollout(1, `${id}/ordered/0`), ...earned },
      { ...rollout(3, `${id}/ordered/2`), ...earned },
    ],
    failed: [
      { ...rollout(8, `${id}/shuffled/1`), failed: "judge: threw" },
      { ...rollout(2, `${id}/ordered/1`), failed: "judge: threw" },
    ],
  };
  const samples = recordedSamples(withIds([group]));
  const tokens = (key: string) => samples[key]!.completions.map(({ completionIds }) => completionIds[0]);
  expect(tokens(`${id}/ordered`)).toEqual([1, 2, 3]);
  expect(tokens(`${id}/permuted`)).toEqual([9, 8]);
});

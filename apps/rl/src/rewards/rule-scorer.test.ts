import { expect, test } from "vitest";
import { ruleScorer } from "./rule-scorer.ts";

const example = { solution: "<answer>1000</answer>", problemType: "numerical" } as const;

test.each([
  ["video-r1", "<think>so</think><answer>1000</answer>", { accuracy: 1, format: 1 }],
  ["safe", "<think>so</think><answer>1000</answer>", { accuracy: 1, format: 1 }],
  ["video-r1", "<think></think><answer>7</answer>", { accuracy: 0, format: 1 }],
  ["safe", "<think></think><answer>7</answer>", { accuracy: 0, format: 0 }],
] as const)("%s: %s", (rules, completion, rewards) => {
  expect(ruleScorer(rules)(completion, example)).toEqual(rewards);
});

import type { Example } from "@videor1/data";
import { expect, test } from "vitest";
import { RewardsConfig } from "./rewards-config.ts";
import { loadRuleScorer } from "./rule-scorer.ts";

const example = { solution: "<answer>1000</answer>", problemType: "numerical", options: [] as string[] } as const;

test.each([
  ["video-r1", "<think>so</think><answer>1000</answer>", { accuracy: 1, format: 1 }],
  ["safe", "<think>so</think><answer>1000</answer>", { accuracy: 1, format: 1 }],
  ["video-r1", "<think></think><answer>7</answer>", { accuracy: 0, format: 1 }],
  ["safe", "<think></think><answer>7</answer>", { accuracy: 0, format: 0 }],
] as const)("%s: %s", async (rules, completion, rewards) => {
  const score = await loadRuleScorer(RewardsConfig.parse(rules));
  expect(score(completion, { ...example, options: [] })).toEqual(rewards);
});

type Question = Pick<Example, "solution" | "problemType" | "options">;
const choice: Question = {
  solution: "<answer>B</answer>",
  problemType: "multiple choice",
  options: ["A. red", "B. blue"],
};

test.each<[string, string, Question]>([
  ["lenientChoices", "(B)", choice],
  ["choices", "blue", choice],
  ["markup", "\\boxed{B}", choice],
  ["units", "1000 chairs", { ...example, options: [] }],
  ["ignoreCase", "b", choice],
  ["expressions", "10^3", { ...example, options: [] }],
])("safe with %s: %s", async (name, answer, question) => {
  const accuracy = async (options: object) =>
    (await loadRuleScorer(RewardsConfig.parse({ rules: "safe", options })))(`<answer>${answer}</answer>`, question)
      .accuracy;
  expect([await accuracy({ [name]: true }), await accuracy({})]).toEqual([1, 0]);
});

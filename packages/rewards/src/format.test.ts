import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fragments, pythonSpace } from "../test/fragments.ts";
import { type RewardGolden, readGolden } from "../test/golden.ts";
import { formatReward } from "./format.ts";

const videoR1 = { rules: "video-r1" } as const;
const golden = readGolden<RewardGolden>("rewards");

describe(`as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$id", ({ completion, expected_format }) => {
    expect(formatReward(completion, videoR1)).toBe(expected_format);
  });
});

test("what the regular expression accepts", () => {
  const pattern = new RegExp(`^<think>[\\s\\S]*?</think>${pythonSpace}*<answer>[\\s\\S]*?</answer>$`);
  const between = fc.stringMatching(/^[ \n]{0,2}a?$/);
  const nearlyRight = fc
    .tuple(fragments, between, fragments)
    .map(([thinking, gap, answer]) => `<think>${thinking}</think>${gap}<answer>${answer}</answer>`);
  fc.assert(
    fc.property(fc.oneof(fragments, nearlyRight), (text) => {
      expect(formatReward(text, videoR1)).toBe(pattern.test(text) ? 1 : 0);
    }),
    { numRuns: 4000 },
  );
});

test.each([
  { name: "100,000 <think>", text: "<think>".repeat(100_000), reward: 0 },
  { name: "100,000 <answer>", text: `<think>${"<answer>".repeat(100_000)}</answer>`, reward: 0 },
  { name: "an answer of no width", text: "<think>a</think><answer>\u200b</answer>", reward: 1 },
  { name: "a megabyte between the blocks", text: `<think></think>${" ".repeat(1e6)}<answer></answer>`, reward: 1 },
])("$name", ({ text, reward }) => {
  expect(formatReward(text, videoR1)).toBe(reward);
  expect(formatReward(text)).toBe(0);
});

test.each(["safe", "video-r1"] as const)("%s: a prompt that ends in <think> has opened the thinking", (rules) => {
  const opened = { rules, thinkingOpened: true };
  expect(formatReward("t\n</think>\n<answer>B</answer>", opened)).toBe(1);
  expect(formatReward("<think>t\n</think>\n<answer>B</answer>", opened)).toBe(1);
  expect(formatReward("t\n</think>\n<answer>B</answer>", { rules })).toBe(0);
  expect(formatReward("t\n<answer>B</answer>", opened)).toBe(0);
});

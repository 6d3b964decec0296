import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fragments, pythonSpace } from "../test/fragments.ts";
import { type RewardGolden, readGolden } from "../test/golden.ts";
import { extractAnswer, extractThinking } from "./extract-answer.ts";

const videoR1 = { rules: "video-r1" } as const;
const golden = readGolden<RewardGolden>("rewards");

describe(`as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases)("$id", ({ completion, solution, extracted_answer, extracted_solution }) => {
    expect(extractAnswer(completion, videoR1)).toBe(extracted_answer);
    expect(extractAnswer(solution, videoR1)).toBe(extracted_solution);
  });
});

test.each([
  { tag: "answer", extract: (text: string) => extractAnswer(text, videoR1) },
  { tag: "think", extract: extractThinking },
])("<$tag>: what the regular expression finds", ({ tag, extract }) => {
  const pattern = new RegExp(`<${tag}>${pythonSpace}*([\\s\\S]*?)${pythonSpace}*</${tag}>`);
  fc.assert(
    fc.property(fragments, (text) => {
      expect(extract(text)).toBe(pattern.exec(text)?.[1] ?? "");
    }),
    { numRuns: 2000 },
  );
});

test.each([
  { name: "100,000 open tags", text: "<answer>".repeat(100_000), answer: "" },
  { name: "a megabyte of spaces", text: `<answer>${" ".repeat(1_000_000)}x</answer>`, answer: "x" },
])("$name", ({ text, answer }) => {
  expect(extractAnswer(text, videoR1)).toBe(answer);
});

test("a prompt that ends in <think>: thinking that is cut off holds no answer", () => {
  const cut = "perhaps <answer>B</answer> but wait, let me check the";
  expect(extractAnswer(cut)).toBe("B");
  expect(extractAnswer(cut, { thinkingOpened: true })).toBe("");
  expect(extractAnswer(`${cut}</think><answer>C</answer>`, { thinkingOpened: true })).toBe("C");
  expect(extractAnswer(cut, { rules: "video-r1", thinkingOpened: true })).toBe("B");
});

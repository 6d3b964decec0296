import { expect, test } from "vitest";
import type { PreparedPrompt } from "../prompts.ts";
import { checkServedIds } from "./check-served-ids.ts";
import type { ServedHalf } from "./served-samples.ts";

const prompt = { id: "1/0/0", kind: "image", ordered: { row: { inputIds: Int32Array.of(1, 5) } } } as PreparedPrompt;
const half = (promptTokenIds: number[], completionIds: number[]): ServedHalf => ({
  completions: [{ completionIds: Int32Array.from(completionIds), logps: new Float32Array(2), isTruncated: false }],
  policyVersion: 0,
  promptTokenIds,
  ofOtherWeights: 0,
});
const check = (promptTokenIds: number[], completionIds: number[]) =>
  checkServedIds([prompt], { "1/0/0": { ordered: half(promptTokenIds, completionIds) } }, 10);

test("the policy's prompt, answered with its tokens", () => expect(() => check([1, 5], [9, 2])).not.toThrow());

test.each<[string, number[], number[], string]>([
  ["another token", [1, 6], [9, 2], "2 tokens, not 2; at 1 it has 6, not 5"],
  ["a token less", [1], [9, 2], "1 tokens, not 2; at 1 it has none, not 5"],
  ["an answer beyond the vocabulary", [1, 5], [9, 10], "answered 1/0/0 with token 10; the policy has 10"],
  ["a negative token", [1, 5], [-1, 2], "with token -1"],
])("%s is refused", (_, ids, completion, message) => {
  expect(() => check(ids, completion)).toThrow(
    expect.objectContaining({ code: "SERVER_SETUP", message: expect.stringContaining(message) }),
  );
});

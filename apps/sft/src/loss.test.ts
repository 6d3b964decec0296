import { expect, test } from "vitest";
import { lossPerToken, withoutOpened } from "./loss.ts";

test("a token counts once, whatever part it is in; a part without jobs counts nothing", () => {
  const parts = [
    { lossSum: 6, tokens: 2 },
    { lossSum: 0, tokens: 0 },
    { lossSum: 3, tokens: 4 },
  ];
  expect(lossPerToken(parts)).toEqual({ loss: 1.5, tokens: 6 });
});

test("parts are added in their order", () => {
  const sums = [1e16, 1, -1e16]; // 1e16 + 1 rounds to 1e16
  expect(lossPerToken(sums.map((lossSum) => ({ lossSum, tokens: 1 })))).toEqual({ loss: 0, tokens: 3 });
  expect(lossPerToken([1e16, -1e16, 1].map((lossSum) => ({ lossSum, tokens: 1 })))).toEqual({ loss: 1 / 3, tokens: 3 });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("%s of one part is the loss of all", (lossSum) => {
  const { loss } = lossPerToken([
    { lossSum: 1, tokens: 1 },
    { lossSum, tokens: 1 },
  ]);
  expect(loss).toBe(lossSum);
});

test.each([
  ["<think>a</think>", "", "<think>a</think>"],
  ["<think>a</think>", "<think>\n", "a</think>"],
  ["<think>\na</think>", "<think>\n", "a</think>"],
  ["<answer>a</answer>", "<think>", "<answer>a</answer>"],
])("of %j after a prompt that opened %j, %j is trained", (answer, opened, expected) => {
  expect(withoutOpened(answer, opened)).toBe(expected);
});

import { expect, test } from "vitest";
import { countReflections, responseTraits } from "./response-traits.ts";

test.each([
  ["", 0],
  ["The cat waits for a waiter.", 0],
  ["Wait, no. Hmm, let me check again. Oh, I see: it is red.", 4],
  ["Let's verify this one last time. Let’s break it down one more time.", 2],
  ["On second thought, let me recheck.", 2],
  ["Hmmmm", 1],
])("%j takes another look %i times", (output, count) => {
  expect(countReflections(output)).toBe(count);
});

test("traits are means and shares over the responses", () => {
  const traits = responseTraits([
    { output: "<think>Wait.</think><answer>A</answer>", completionTokens: 10, finishReason: "stop" },
    { output: "B", completionTokens: 2, finishReason: "length" },
  ]);
  expect(traits).toEqual({
    n: 2,
    characters: (38 + 1) / 2,
    thinkingCharacters: 5,
    tokens: 6,
    thinking: 0.5,
    answered: 0.5,
    cutOff: 0.5,
    reflections: 0.5,
    reflecting: 0.5,
  });
  expect(responseTraits([{ output: "A" }, { output: "B", completionTokens: 1 }])?.tokens).toBeUndefined();
  expect(responseTraits([])).toBeUndefined();
});

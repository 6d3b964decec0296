import { expect, test } from "vitest";
import { countOrderWords } from "./order-words.ts";

test.each([
  ["The cup is red.", 0],
  ["He opens the door before he sits, then leaves.", 2],
  ["First, let me look. Let me first think. Then I choose. Next step: done. Finally, the answer is A.", 0],
  ["The first event is a jump; at the end he falls, followed by silence.", 3],
  ["Therefore the authentication strengthens.", 0],
  ["Meanwhile the light, initially red, is later green.", 3],
])("%j has %i", (text, count) => {
  expect(countOrderWords(text)).toBe(count);
});

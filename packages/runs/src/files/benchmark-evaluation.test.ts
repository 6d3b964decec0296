import { expect, test } from "vitest";
import { ReadingLine } from "./benchmark-evaluation.ts";

test.each([
  [1, true],
  [0.4, true],
  [null, true],
  [-1, true], // of lmms-eval and VLMEvalKit
  [-0.5, false],
  [1.1, false],
])("a scorer's score may be %j: %j", (score, isTaken) => {
  expect(ReadingLine.safeParse({ score }).success).toBe(isTaken);
});

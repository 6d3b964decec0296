import { expect, test } from "vitest";
import { mcnemar } from "./mcnemar.ts";

/** Answers of two runs with so many questions that one alone got right. */
function answers(lost: number, gained: number, both = 5): [boolean[], boolean[]] {
  const of = (...parts: [number, boolean][]) => parts.flatMap(([n, right]) => new Array<boolean>(n).fill(right));
  return [of([lost, true], [gained, false], [both, true]), of([lost, false], [gained, true], [both, true])];
}

// sums of binomial coefficients over powers of two, in whole numbers
test.each([
  [0, 0, 1],
  [0, 1, 1],
  [0, 6, 2 / 64],
  [1, 6, 16 / 128],
  [5, 5, 1],
  [2, 10, 0.03857421875],
  [300, 380, 0.0024248687076998945],
  [1000, 1000, 1],
])("%i lost and %i gained", (lost, gained, p) => {
  const found = mcnemar(...answers(lost, gained));
  expect(found).toMatchObject({ lost, gained });
  expect(found.p).toBeCloseTo(p, 9);
});

test("thousands of questions do not underflow", () => {
  expect(mcnemar(...answers(1900, 2100)).p).toBeCloseTo(0.0016492663751356998, 9);
  expect(() => mcnemar([true], [])).toThrow("do not pair up");
});

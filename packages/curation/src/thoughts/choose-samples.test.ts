import { expect, test } from "vitest";
import { chooseSamples } from "./choose-samples.ts";

const formed = "<think>a</think><answer>A</answer>";
const bare = "<answer>A</answer>";

test.each([
  [
    "first",
    "first",
    [
      [0, bare],
      [1, formed],
    ],
    [0],
  ],
  [
    "all",
    "all",
    [
      [0, bare],
      [1, formed],
    ],
    [0, 1],
  ],
  [
    "the highest reward",
    "best",
    [
      [0.2, formed],
      [0.9, bare],
      [0.5, formed],
    ],
    [1],
  ],
  [
    "of equals the right form",
    "best",
    [
      [1, bare],
      [1, formed],
      [1, formed],
    ],
    [1],
  ],
  [
    "of equals the first",
    "best",
    [
      [1, bare],
      [1, bare],
    ],
    [0],
  ],
] as const)("%s", (_, keep, samples, places) => {
  const given = samples.map(([reward, output]) => ({ reward, output }));
  expect(chooseSamples(given, keep)).toEqual(places);
});

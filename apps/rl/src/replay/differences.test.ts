import { describe, expect, test } from "vitest";
import { agree, differences } from "./differences.ts";

test.each<[number, number, boolean]>([
  [1, 1 + 9e-6, true],
  [1, 1 + 2e-5, false],
  [-2000, -2000.01, true],
  [-2000, -2000.1, false],
  [0, 9e-9, true],
  [0, 2e-8, false],
  [1, Number.NaN, false],
  [Number.NaN, Number.NaN, true],
])("%d and %d agree: %s", (a, b, expected) => {
  expect([agree(a, b), agree(b, a)]).toEqual([expected, expected]);
});

describe("differences", () => {
  const group = {
    permutation: null as number[] | null,
    framesHash: "ab12",
    ordered: [
      { text: "left", advantage: 0.5, logps: [-1, -2, -3] },
      { text: "right", advantage: -0.5, logps: [-1] },
    ],
  };
  const found = (change: (copy: typeof group) => void) => {
    const copy = structuredClone(group);
    change(copy);
    return differences(group, copy, "record 7", 1e-3);
  };

  test.each<[string, (copy: typeof group) => void, object[]]>([
    ["nothing", () => {}, []],
    [
      "an advantage",
      ({ ordered }) => {
        ordered[1]!.advantage = 5;
      },
      [{ where: "record 7.ordered[1].advantage", recorded: -0.5, recomputed: 5 }],
    ],
    [
      "a text and a hash",
      (copy) => {
        copy.ordered[0]!.text = "up";
        copy.framesHash = "cd34";
      },
      [
        { where: "record 7.framesHash", recorded: "ab12", recomputed: "cd34" },
        { where: "record 7.ordered[0].text", recorded: "left", recomputed: "up" },
      ],
    ],
    [
      "an answer less",
      ({ ordered }) => {
        ordered.pop();
      },
      [{ where: "record 7.ordered.length", recorded: 2, recomputed: 1 }],
    ],
    [
      "null and a list",
      (copy) => {
        copy.permutation = [0];
      },
      [{ where: "record 7.permutation", recorded: null, recomputed: [0] }],
    ],
    [
      "log-probabilities, by rounding",
      ({ ordered }) => {
        ordered[0]!.logps[1]! += 9e-4;
      },
      [],
    ],
    [
      "log-probabilities, by more: the worst is told",
      ({ ordered }) => {
        ordered[0]!.logps = [-1.5, -4, -3];
      },
      [{ where: "record 7.ordered[0].logps[1]", recorded: -2, recomputed: -4 }],
    ],
  ])("%s", (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  test("a log-probability that is not finite on one side", () => {
    const [one, other] = [{ logps: [-1, Number.NEGATIVE_INFINITY] }, { logps: [-1, -50] }];
    expect(differences(one, one, "step 3", 100)).toEqual([]);
    expect(differences(one, other, "step 3", 100)).toEqual([
      { where: "step 3.logps[1]", recorded: Number.NEGATIVE_INFINITY, recomputed: -50 },
    ]);
  });

  test("a log-probability that the server did not know is not compared", () => {
    const logps = (first: number) => ({ "ordered[0]": { logps: [first, -1] } });
    expect(differences(logps(Number.NaN), logps(-2), "group", 1e-3)).toEqual([]);
    expect(differences(logps(-2), logps(Number.NaN), "group", 1e-3)).toHaveLength(1);
  });

  test("a value that is on one side only", () => {
    expect(differences({ kl: 1 }, { loss: 2 }, "step 3", 0)).toEqual([
      { where: "step 3.kl", recorded: 1, recomputed: undefined },
      { where: "step 3.loss", recorded: undefined, recomputed: 2 },
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { accuracyReward, type ProblemType } from "./index.ts";
import {
  changedOptions,
  loadAccuracyOptions,
  optionsFault,
  RewardOptions,
  RewardOptionsChange,
} from "./reward-options.ts";

/** An answer that only the option lets earn 1, or keeps from it. */
const examples: Record<keyof RewardOptions, { answer: string; truth: string; type: ProblemType; on: number }> = {
  lenientChoices: { answer: "(C)", truth: "C", type: "multiple choice", on: 1 },
  choices: { answer: "blue", truth: "B", type: "multiple choice", on: 1 },
  markup: { answer: "\\boxed{\\text{B}}", truth: "B", type: "multiple choice", on: 1 },
  units: { answer: "3 chairs", truth: "3", type: "numerical", on: 1 },
  ignoreCase: { answer: "yes", truth: "Yes", type: "multiple choice", on: 1 },
  unicode: { answer: "Ａ１", truth: "A1", type: "OCR", on: 1 },
  expressions: { answer: "1/4", truth: "0.25", type: "numerical", on: 1 },
};
const names = Object.keys(examples) as (keyof RewardOptions)[];
const shown = { options: ["A. red", "B. blue"] };

test("every option has an example", () => expect(names).toEqual(Object.keys(RewardOptions.shape)));

describe.each(names)("%s", (name) => {
  const { answer, truth, type, on } = examples[name];
  const reward = async (value: boolean) => {
    const optionsOf = await loadAccuracyOptions("safe", RewardOptions.parse({ [name]: value }));
    return accuracyReward(`<answer>${answer}</answer>`, `<answer>${truth}</answer>`, type, optionsOf(shown));
  };

  test("reaches the reward", async () => expect([await reward(true), await reward(false)]).toEqual([on, 1 - on]));

  test("is an option of the safe rules alone", async () => {
    const changed = changedOptions(RewardOptions.parse({}), { [name]: name !== "unicode" });
    expect(optionsFault("safe", changed)).toBeUndefined();
    expect(optionsFault("video-r1", changed)).toBe(
      `${name}: the rules video-r1 have no such option, the rules safe do`,
    );
    await expect(loadAccuracyOptions("video-r1", changed)).rejects.toMatchObject({ name: "RulesError" });
  });
});

test("the defaults are the package's", async () => {
  const optionsOf = await loadAccuracyOptions("safe", RewardOptions.parse({}));
  for (const { answer, truth, type } of Object.values(examples)) {
    const [completion, solution] = [`<answer>${answer}</answer>`, `<answer>${truth}</answer>`];
    expect(accuracyReward(completion, solution, type, optionsOf(shown))).toBe(
      accuracyReward(completion, solution, type),
    );
  }
});

test("a question without options has none to choose from", async () => {
  const optionsOf = await loadAccuracyOptions("safe", RewardOptions.parse({ choices: true, lenientChoices: true }));
  for (const options of [undefined, null, []]) {
    expect(accuracyReward("<answer>(B)</answer>", "B", "multiple choice", optionsOf({ options }))).toBe(1);
  }
});

test("the prompt's open thinking is passed on, under both rules", async () => {
  for (const rules of ["safe", "video-r1"] as const) {
    const optionsOf = await loadAccuracyOptions(rules, RewardOptions.parse({}));
    expect(optionsOf({ thinkingOpened: true })).toMatchObject({ rules, thinkingOpened: true });
  }
});

test("a change leaves what it does not name, or names as null", () => {
  const options = RewardOptions.parse({ markup: true, unicode: false });
  const changes = RewardOptionsChange.parse({ units: true, markup: null });
  expect(changedOptions(options, changes)).toEqual({ ...options, units: true });
  expect(() => RewardOptionsChange.parse({ unit: true })).toThrow(/Unrecognized key: .*unit/);
  expect(RewardOptionsChange.safeParse({ units: 1 }).success).toBe(false);
});

import { scoreBatch } from "@videor1/rewards";
import { describe, expect, test } from "vitest";
import { longestItems } from "../test/longest-items.ts";
import { serveSchema } from "./options.ts";
import { type Item, scoreItem } from "./score-item.ts";
import { loadScoring } from "./scoring.ts";

const options = await loadScoring(serveSchema.parse({}));
const videoR1 = await loadScoring(serveSchema.parse({ rules: "video-r1" }));
const right: Item = {
  completion: "<think>Two cats, a dog.</think><answer>3</answer>",
  solution: "<answer>3</answer>",
  problemType: "numerical",
};

describe("scoreItem", () => {
  test("adds reward and times to the fields of scoreBatch", () => {
    const { reward, milliseconds, ...score } = scoreItem(right, options);
    expect(score).toEqual(scoreBatch([{ ...right, problemType: "numerical" }]).results[0]);
    expect(reward).toBe(2);
    expect(milliseconds.accuracy).toBeGreaterThanOrEqual(0);
    expect(milliseconds.format).toBeGreaterThanOrEqual(0);
  });

  test("weighs the two rewards", () => {
    expect(scoreItem(right, { ...options, accuracyWeight: 0.9, formatWeight: 0.1 }).reward).toBe(1);
    expect(scoreItem({ ...right, completion: "<answer>3</answer>" }, { ...options, accuracyWeight: 0.9 }).reward).toBe(
      0.9,
    );
  });

  test("scores by the scoring's rules and options, and by the item's own", async () => {
    const completion = "<think>.</think><answer>(B)</answer>";
    const item = { ...right, completion, solution: "B", problemType: "multiple choice" };
    const withOptions = serveSchema.parse({ lenientChoices: true, choices: true });
    const accuracy = async (own: Parameters<typeof loadScoring>[1], more: Partial<Item> = {}) =>
      scoreItem({ ...item, ...more }, await loadScoring(withOptions, own)).accuracy;
    expect(scoreItem(item, options).accuracy).toBe(0);
    expect(await accuracy({})).toBe(1);
    expect(await accuracy({ rewardOptions: { lenientChoices: false } })).toBe(0);
    expect(await accuracy({ rules: "video-r1" })).toBe(0);
    expect(await accuracy({}, { solution: "red", options: ["A. blue", "B. red"] })).toBe(1);
    expect(await accuracy({}, { solution: "red", options: ["A. red", "B. blue"] })).toBe(0);
  });

  test("an unknown type fails the item, earns nothing under the safe rules, and says so", () => {
    const item = { ...right, problemType: "riddle" };
    const score = scoreItem(item, options);
    expect(score).toMatchObject({ reward: 0, accuracy: 0, format: 0, rule: null });
    expect(score.note).toContain("riddle");
    expect(scoreItem(item, videoR1)).toMatchObject({ reward: 1, accuracy: 0, format: 1 });
  });

  test("words beyond maxItemWork are not aligned: the item earns nothing and says why", () => {
    const item = {
      ...right,
      solution: "a b c",
      completion: "<think>.</think><answer>a b c</answer>",
      problemType: "OCR",
    };
    expect(scoreItem(item, { ...options, maxItemWork: 1005 ** 2 }).accuracy).toBe(1);
    const score = scoreItem(item, { ...options, maxItemWork: 1005 ** 2 - 1 });
    expect(score).toMatchObject({ reward: 0, accuracy: 0, format: 0, rule: null });
    expect(score.note).toContain("an answer of 5 and a truth of 5 characters");
  });

  test("long thinking does not count as work: only what is compared does", () => {
    const completion = `<think>${"word ".repeat(100_000)}</think><answer>a b c</answer>`;
    expect(scoreItem({ completion, solution: "a b c", problemType: "OCR" }, options).accuracy).toBe(1);
  });

  test.each(Object.keys(longestItems))("the default admits the longest items, and little more: %s", (shape) => {
    for (const item of longestItems[shape]!) {
      expect(scoreItem(item, options).rule).not.toBeNull();
      expect(scoreItem(item, { ...options, maxItemWork: 0.8 * options.maxItemWork }).rule).toBeNull();
    }
  });
});

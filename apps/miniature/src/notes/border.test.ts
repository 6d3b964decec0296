import type { Rollouts } from "@videor1/report";
import { expect, test } from "vitest";
import { borderShare, contrastByThought, leansOnBorder } from "./border.ts";

test.each([
  { text: "hmm the border is red .", leans: true },
  { text: "The Border decides", leans: true },
  { text: "it is borderline", leans: false },
  { text: "let me watch the frames .", leans: false },
])("leansOnBorder: $text", ({ text, leans }) => {
  expect(leansOnBorder(text)).toBe(leans);
});

const answer = (text: string, contrast: number | null) => ({ text, contrast }) as Rollouts["ordered"][0];
const group = (task: string, ...ordered: Rollouts["ordered"]) =>
  ({ dataSource: `miniature/${task}`, ordered }) as Rollouts;
const groups = [
  group("order", answer("the border is red", 0.5), answer("i see red then blue", 4), answer("i see red", 6)),
  group("direction", answer("the border is red", null)),
  group("count", answer("the border blinks", 9)),
];

test("the share and the contrasts are over the tasks that have a border", () => {
  expect(borderShare(groups)).toBe(2 / 4);
  expect(contrastByThought(groups)).toEqual({ border: 0.5, frames: 5 });
  expect(borderShare(groups.slice(2))).toBeNull();
});

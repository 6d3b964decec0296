import { expect, test } from "vitest";
import { fixtureItem } from "../../../test/fixture-benchmark.ts";
import { type ChosenItems, itemTest } from "../../shared/item-filter.ts";
import { clipCollector, itemView } from "./item-view.ts";

const none: ChosenItems = { run: "", outcome: "", verdict: "", scorers: "", change: "", task: "", text: "" };
const failed = { status: "failed", reason: "no video x.mp4", outcome: "missing-media", readings: {} };
const items = [
  itemView(fixtureItem("one", 1), { run: 0, change: "lost" }),
  itemView(fixtureItem("two", 0.4, { task: "object_counting", finishReason: "length" }), { run: 0 }),
  itemView(fixtureItem("three", 0, failed), { run: 1 }),
];
const idsOf = (chosen: Partial<ChosenItems>) => items.filter(itemTest({ ...none, ...chosen })).map(({ id }) => id);

test("an item says what its line says", () => {
  expect(items[0]).toMatchObject({
    id: "one",
    gold: "B",
    output: expect.stringContaining("<answer>"),
    disagrees: false,
  });
  expect(items[1]).toMatchObject({ isCut: true, disagrees: true, score: 0.4 });
  expect(items[2]).toMatchObject({ output: null, reason: "no video x.mp4", outcome: "missing-media", readings: [] });
});

test.each<[Partial<ChosenItems>, string[]]>([
  [{}, ["one", "two", "three"]],
  [{ run: "1" }, ["three"]],
  [{ outcome: "missing-media" }, ["three"]],
  [{ verdict: "partly right" }, ["two"]],
  [{ verdict: "wrong", outcome: "scored" }, []],
  [{ scorers: "disagree" }, ["two"]],
  [{ scorers: "agree" }, ["one", "three"]],
  [{ change: "lost" }, ["one"]],
  [{ task: "object_counting" }, ["two"]],
  [{ text: "LEFT IN T" }, ["two", "three"]],
  [{ text: "x.mp4" }, ["three"]],
])("%j", (chosen, ids) => {
  expect(idsOf(chosen)).toEqual(ids);
});

test("the same frames of the same file are kept once", () => {
  const { clips, indexOf } = clipCollector();
  const seen = [{ indices: [0, 8], timestamps: [0, 0.33333] }];
  const at = (id: string, path: string, indices = seen) => indexOf(fixtureItem(id, 1, { path, clips: indices }));
  const others = [{ indices: [1, 9], timestamps: [0.1, 0.4] }];
  expect([at("1", "a.mp4"), at("2", "a.mp4"), at("3", "b.mp4"), at("4", "a.mp4", others)]).toEqual([0, 0, 1, 2]);
  expect(indexOf(fixtureItem("5", 1))).toBeUndefined();
  expect(clips[0]).toEqual([{ indices: [0, 8], seconds: [0, 0.33] }]);
});

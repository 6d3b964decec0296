import type { Example } from "@videor1/data";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordLinks } from "./link-records.ts";
import { questionText } from "./question-text.ts";
import { type SplitItem, splitRecords } from "./split-records.ts";

const single = (count: number, stratumOf = (_: number) => 0): SplitItem[] =>
  Array.from({ length: count }, (_, i) => ({ component: i, stratum: stratumOf(i), name: `${i}` }));
function heldBack(items: readonly SplitItem[], options: { seed: number; count: number }): SplitItem[] {
  const { isHeldBack } = splitRecords(items, options);
  return items.filter((_, i) => isHeldBack[i]);
}

test("of records that share nothing, exactly as many as asked, of each stratum in proportion", () => {
  const held = heldBack(
    single(100, (i) => (i < 60 ? 0 : 1)),
    { seed: 1, count: 10 },
  );
  expect(held.map(({ stratum }) => stratum).sort()).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
});

test("a component larger than the room stays in training", () => {
  const items = single(20).map((item, i) => ({ ...item, component: i < 12 ? 0 : i }));
  const held = heldBack(items, { seed: 1, count: 5 });
  expect(held).toHaveLength(5);
  expect(held.every(({ component }) => component > 0)).toBe(true);
});

test("every record is held back by some seed, about equally often", () => {
  const times = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 2000; seed += 1)
    for (const { name } of heldBack(single(10), { seed, count: 3 })) times[Number(name)]! += 1;
  for (const count of times) expect(Math.abs(count / 2000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 2000));
});

const items = fc.array(fc.record({ component: fc.nat(12), stratum: fc.nat(3) }), { minLength: 1, maxLength: 60 });

test("no component is on both sides, the order of the records changes nothing, and strata miss by less than a component", () => {
  fc.assert(
    fc.property(items, fc.nat(60), fc.nat(99), (raw, count, seed) => {
      const all = raw.map((item, i): SplitItem => ({ ...item, name: `n${i}` }));
      const { isHeldBack } = splitRecords(all, { seed, count });
      const sides = new Map(all.map(({ component }, i) => [component, isHeldBack[i]]));
      for (const [i, { component }] of all.entries()) expect(isHeldBack[i]).toBe(sides.get(component));
      const held = all.filter((_, i) => isHeldBack[i]);
      const largest = Math.max(
        ...[...sides.keys()].map((id) => all.filter(({ component }) => component === id).length),
      );
      expect(held.length - Math.min(count, all.length)).toBeLessThan(largest);
      const names = (items: readonly SplitItem[]) => items.map(({ name }) => name).sort();
      expect(names(heldBack([...all].reverse(), { seed, count }))).toEqual(names(held));
    }),
    { seed: 5, numRuns: 150 },
  );
});

const example = (problemId: number | string, more: Partial<Example> = {}): Example => ({
  problemId,
  path: `${problemId}.mp4`,
  problem: `Question ${problemId}?`,
  problemType: "free-form",
  dataType: "video",
  options: [],
  solution: "<answer>a</answer>",
  dataSource: "",
  ...more,
});

/** Numbers of the records, by component. */
function components(
  records: readonly Example[],
  text = false,
  hashes: Readonly<Record<string, string>> = {},
): number[] {
  const links = createRecordLinks({ text });
  for (const record of records) links.add(record);
  links.joinFolders();
  for (const path of links.paths.keys()) if (hashes[path]) links.joinContent(path, hashes[path]);
  return records.map((_, i) => links.sets.rootOf(i));
}

test.each([
  ["nothing", [example(1), example(2)], [0, 1]],
  ["an id", [example(1), example(2), example("1", { path: "x" })], [0, 1, 0]],
  ["a path, however it is written", [example(1, { path: "./a/../b.mp4" }), example(2, { path: "b.mp4" })], [0, 0]],
  [
    "paths in a chain",
    [
      example(1),
      example(2),
      example(3, { media: ["1.mp4", "2.mp4"].map((path) => ({ kind: "video" as const, path })) }),
    ],
    [0, 0, 0],
  ],
  [
    "a frame of a folder",
    [
      example(1, { media: [{ kind: "video", path: ["f/1.jpg", "f/2.jpg"] }] }),
      example(2, { path: "./f/" }),
      example(3, { path: "f2" }),
    ],
    [0, 0, 2],
  ],
] as const)("records that share %s", (_, records, expected) => {
  expect(components(records)).toEqual(expected);
});

test("records that share content, or a question where that is asked for", () => {
  const records = [example(1), example(2), example(3, { problem: "question 1" })];
  expect(components(records, false, { "1.mp4": "x", "2.mp4": "x", "3.mp4": "y" })).toEqual([0, 0, 2]);
  expect(components(records, true)).toEqual([0, 1, 0]);
});

test("a question is its words and its options in any order", () => {
  const question = (problem: string, ...options: string[]) => questionText({ problem, options });
  expect(question("What is  1+2?", "A. Three", "B. Two.")).toBe(question("what is 1+2", "A) two", "B: three"));
  expect(question("What is 1+2?")).not.toBe(question("What is 12?"));
  expect(question("Who?", "A. he")).not.toBe(question("Who?", "A. she"));
});

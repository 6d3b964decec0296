import fc from "fast-check";
import { expect, test } from "vitest";
import type { OnShortfall } from "./allocate.ts";
import { type Candidate, chooseSample, type SourceRules } from "./choose-sample.ts";
import { CompositionError } from "./composition-error.ts";
import { samplingKey } from "./sampling-key.ts";

const asFound: SourceRules = { least: 0, balance: "asFound" };
type Options = Parameters<typeof chooseSample>[2];

/** The names, which are their ties, of those chosen. */
function chosen(
  candidates: readonly Candidate[],
  parts: Parameters<typeof chooseSample>[1],
  options: Options,
): string[] {
  const { verdicts } = chooseSample(candidates, parts, options);
  return candidates.flatMap(({ tie }, i) => (verdicts[i] === "chosen" ? [tie] : [])).sort();
}

// The number behind the letter of the source is the key.
const few = ["a1", "a2", "a3", "a4", "a9", "b5", "b6", "b7", "c8"].map(
  (tie): Candidate => ({ part: 0, source: tie[0]!, key: Number(tie[1]), tie }),
);

test.each([
  ["the smallest keys", {}, "a1 a2 a3 a4 b5"],
  ["of each source as many, the odd one of the first", { balance: "equal" }, "a1 a2 b5 b6 c8"],
  ["a source that has few leaves its seats to the others", { balance: "equal" }, "a1 a2 a3 b5 b6 b7 c8", 7],
  ["at least one of each source, then the smallest keys", { least: 1 }, "a1 a2 a3 b5 c8"],
  ["at least 2 of each, more than there is room for: as many of each", { least: 2 }, "a1 a2 b5 c8", 4],
  ["at most 2 of a source", { most: 2 }, "a1 a2 b5 b6 c8"],
] satisfies [string, Partial<SourceRules>, string, number?][])("%s", (_, rules, expected, count = 5) => {
  const options: Options = { onShortfall: "short", sources: { ...asFound, ...rules } };
  expect(chosen(few, [{ count }], options)).toEqual(expected.split(" "));
  expect(chosen([...few].reverse(), [{ count }], options)).toEqual(expected.split(" "));
});

test("records beyond a source's limit are told from those that were not drawn", () => {
  const { verdicts } = chooseSample(few, [{ count: 3 }], {
    onShortfall: "short",
    sources: { ...asFound, most: 2 },
  });
  expect(verdicts).toEqual(
    "chosen chosen SOURCE_LIMIT SOURCE_LIMIT SOURCE_LIMIT chosen NOT_DRAWN SOURCE_LIMIT NOT_DRAWN".split(" "),
  );
});

const data = fc
  .array(fc.record({ part: fc.nat(2), source: fc.constantFrom("a", "b", "c", "d"), draw: fc.nat(40) }), {
    maxLength: 60,
  })
  .map((all) =>
    all.map(({ part, source, draw }, i): Candidate => ({ part, source, key: draw, tie: String(i).padStart(3, "0") })),
  );
const rules = fc.record({
  most: fc.option(fc.nat(12), { nil: undefined }),
  least: fc.nat(4),
  balance: fc.constantFrom("asFound", "equal"),
}) as fc.Arbitrary<SourceRules>;
const counts = fc.tuple(fc.nat(25), fc.nat(25), fc.nat(25));
const onShortfall = fc.constantFrom<OnShortfall>("fill", "short");

test("numbers add up, whatever the order of the candidates", () => {
  fc.assert(
    fc.property(data, rules, counts, onShortfall, fc.nat(), (candidates, sources, asked, onShortfall, turn) => {
      const parts = asked.map((count) => ({ count }));
      const { verdicts, allocations } = chooseSample(candidates, parts, { onShortfall, sources });
      for (const [part, { asked, available, taken }] of allocations.entries()) {
        const own = verdicts.filter((_, i) => candidates[i]!.part === part);
        expect(own.filter((verdict) => verdict === "chosen")).toHaveLength(taken);
        expect(own.filter((verdict) => verdict !== "SOURCE_LIMIT")).toHaveLength(available);
        if (onShortfall === "short") expect(taken).toBe(Math.min(asked, available));
      }
      const sum = (key: "asked" | "available" | "taken") => allocations.reduce((all, row) => all + row[key], 0);
      if (onShortfall === "fill") {
        const fillable = allocations
          .filter(({ asked }) => asked > 0)
          .reduce((all, { available }) => all + available, 0);
        expect(sum("taken")).toBe(Math.min(sum("asked"), fillable));
      }
      const turned = [
        ...candidates.slice(turn % (candidates.length + 1)),
        ...candidates.slice(0, turn % (candidates.length + 1)),
      ];
      expect(chosen(turned, parts, { onShortfall, sources })).toEqual(
        chosen(candidates, parts, { onShortfall, sources }),
      );
    }),
    { seed: 3, numRuns: 150 },
  );
});

test("records that are added bring no other in", () => {
  fc.assert(
    fc.property(data, data, rules, counts, onShortfall, (old, added, sources, asked, onShortfall) => {
      const parts = asked.map((count) => ({ count }));
      const before = new Set(chosen(old, parts, { onShortfall, sources }));
      const more = added.map((candidate) => ({ ...candidate, tie: `${candidate.tie}+` }));
      const after = chosen([...more, ...old], parts, { onShortfall, sources });
      for (const tie of after) if (!tie.endsWith("+")) expect(before.has(tie)).toBe(true);
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("a weight is the chance of being drawn first, in proportion", () => {
  const weights = [1, 2, 5];
  const seeds = 4000;
  const firsts = weights.map(() => 0);
  for (let seed = 0; seed < seeds; seed += 1) {
    const keys = weights.map((weight, i) => samplingKey(seed, { dataSource: "s", problemId: i }, weight));
    firsts[keys.indexOf(Math.min(...keys))]! += 1;
  }
  for (const [i, weight] of weights.entries()) {
    const p = weight / 8;
    expect(Math.abs(firsts[i]! / seeds - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / seeds));
  }
});

test("of two drawn of three, each pair has its chance", () => {
  const weights = [1, 2, 5];
  const seeds = 4000;
  const leftOut = weights.map(() => 0);
  for (let seed = 0; seed < seeds; seed += 1) {
    const keys = weights.map((weight, i) => samplingKey(seed, { dataSource: "", problemId: `id-${i}` }, weight));
    leftOut[keys.indexOf(Math.max(...keys))]! += 1;
  }
  // P(i is last) = sum over the orders of the other two: w_j / W * w_k / (W - w_j)
  const last = [
    ((2 / 8) * 5) / 6 + ((5 / 8) * 2) / 3,
    ((1 / 8) * 5) / 7 + ((5 / 8) * 1) / 3,
    ((1 / 8) * 2) / 7 + ((2 / 8) * 1) / 6,
  ];
  for (const [i, p] of last.entries())
    expect(Math.abs(leftOut[i]! / seeds - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / seeds));
});

test("a key depends on seed, source and id alone; ids that are equal as texts are the same", () => {
  const key = samplingKey(1, { dataSource: "a", problemId: 7 });
  expect(samplingKey(1, { dataSource: "a", problemId: "7" })).toBe(key);
  expect(samplingKey(1, { dataSource: "a", problemId: 7 }, 4)).toBe(key / 4);
  for (const other of [
    samplingKey(2, { dataSource: "a", problemId: 7 }),
    samplingKey(1, { dataSource: "b", problemId: 7 }),
  ])
    expect(other).not.toBe(key);
  expect(samplingKey(1, { dataSource: "a", problemId: 7 }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("an impossible composition has a code and says what to do", () => {
  const choose = () => chooseSample(few, [{ count: 99 }], { onShortfall: "error", sources: asFound });
  expect(choose).toThrow(CompositionError);
  expect(choose).toThrow(
    expect.objectContaining({ code: "COMPOSITION_SHORT", hint: expect.stringContaining("onShortfall") }),
  );
});

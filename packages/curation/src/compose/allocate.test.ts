import { expect, test } from "vitest";
import { type AllocateOptions, allocate } from "./allocate.ts";
import { type Part, videoR1Composition } from "./composition.ts";

const taken = (parts: readonly Part[], available: readonly number[], options: Partial<AllocateOptions> = {}) =>
  allocate(parts, available, { onShortfall: "short", ...options }).map(({ taken }) => taken);
const counts = [{ count: 6 }, { count: 3 }, { count: 1 }];
const shares = [{ share: 3 }, { share: 1 }];

test.each([
  ["counts that are there", counts, [10, 10, 10], {}, [6, 3, 1]],
  ["short: what there is", counts, [2, 10, 10], {}, [2, 3, 1]],
  ["fill: the 4 that lack go 3 to 1", counts, [2, 10, 10], { onShortfall: "fill" }, [2, 6, 2]],
  ["fill: no more than all", counts, [2, 4, 1], { onShortfall: "fill" }, [2, 4, 1]],
  ["shares of a total", shares, [100, 100], { total: 40 }, [30, 10]],
  ["shares without total: the most at which none is short", shares, [90, 20], {}, [60, 20]],
  ["neither: all", [{}, { count: 2 }], [7, 9], {}, [7, 2]],
  ["shares divide what counts leave", [{ count: 10 }, ...shares], [99, 99, 99], { total: 30 }, [10, 15, 5]],
] as const)("%s", (_, parts, available, options, expected) => {
  expect(taken(parts, available, options)).toEqual(expected);
});

test("the paper's counts, or its shares of a total", () => {
  const all = videoR1Composition(undefined).map(({ count }) => count!);
  expect(all).toEqual([116_248, 14_987, 21_528, 15_886, 36_924, 37_214, 20_284]);
  expect(taken(videoR1Composition(1000), all, { total: 1000 })).toEqual([442, 57, 82, 60, 140, 142, 77]);
});

test.each([
  [
    "a shortfall that may not be",
    counts,
    [2, 10, 0],
    { onShortfall: "error" },
    "2 of 3 parts .* all: asked 6, there are 2; all: asked 1, there are 0",
  ],
  [
    "too few of a part",
    [{ bucket: "Chart", share: 1, least: 5 }],
    [3],
    { total: 4 },
    "Chart gets 3 of its 3 records, below its least, 5",
  ],
  ["counts beside another total", counts, [9, 9, 9], { total: 11 }, "the parts ask for 10 records, the total is 11"],
  ["counts above the total", [{ count: 12 }, ...shares], [99, 9, 9], { total: 11 }, "more than the total, 11"],
  ["shares of nothing", shares, [4, 0], {}, "all has a share and no record"],
] as const)("%s is refused", (_, parts, available, options, message) => {
  expect(() => taken(parts, available, options)).toThrow(new RegExp(message));
});

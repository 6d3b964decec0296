import { expect, test } from "vitest";
import golden from "../test/golden/grpo-loss.json" with { type: "json" };
import { completionMask, stackCompletions } from "./completion-mask.ts";

test(`masks match ${golden.source.repo}@${golden.source.commit}, ${golden.cases.length} cases`, () => {
  for (const c of golden.cases) {
    expect([...completionMask(c.completion_lengths, c.completion_ids[0]!.length)], c.id).toEqual(
      c.completion_mask.flat(),
    );
  }
});

test("rows are padded on the right to the longest", () => {
  const stacked = stackCompletions([Int32Array.of(1, 2, 3), Int32Array.of(4)], [0, 1]);
  expect(stacked).toEqual({
    ids: Int32Array.of(1, 2, 3, 4, 0, 0),
    lengths: Int32Array.of(3, 1),
    promptOf: Int32Array.of(0, 1),
    width: 3,
  });
});

test("an empty completion is a broken policy", () => {
  expect(() => stackCompletions([Int32Array.of(1), new Int32Array(0)], [0, 0])).toThrow(/completion 1 has no tokens/);
  expect(() => stackCompletions([], [])).toThrow(/no completions/);
});

// The finding of README.md "What the literal bonus does": a constant per group does not survive (R - mean) / std.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoreOptions } from "./options.ts";
import { presets } from "./presets.ts";
import type { RolloutGroup } from "./rollout.ts";
import { scoreGroup } from "./score-group.ts";

const exact = { scale: "std", ddof: 1, eps: 0, minStd: 0 } as const;
const literal = (alpha: number, change: Partial<ScoreOptions> = {}): ScoreOptions => ({
  ...presets.neurips,
  length: { ...presets.neurips.length, enabled: false },
  temporal: { ...presets.neurips.temporal, alpha },
  advantage: exact,
  ...change,
});

const group = (ordered: readonly number[], shuffled: readonly number[]): RolloutGroup => {
  const rollout = (accuracy: number) => ({ completionIds: new Int32Array(10), accuracy, format: 1 });
  return { kind: "video", ordered: ordered.map(rollout), shuffled: shuffled.map(rollout) };
};
const distance = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe("literal T-GRPO equals GRPO on binary rewards with a saturated format reward", () => {
  test("rewards {1, 2} become {1, 2.3}, the advantages stay", () => {
    const g = group([1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0]);
    const withBonus = scoreGroup(g, literal(0.3));
    expect(withBonus.temporal.fired).toBe(true);
    expect(withBonus.rewards).toEqual([2.3, 2.3, 2.3, 1, 1, 1, 1, 1]);
    expect(distance(withBonus.advantages, scoreGroup(g, literal(0)).advantages)).toBeLessThan(1e-14);
  });

  const binary = fc.constantFrom(0, 1);
  const groups = fc.record({
    ordered: fc.array(binary, { minLength: 2, maxLength: 16 }),
    shuffled: fc.array(binary, { minLength: 1, maxLength: 8 }),
    alpha: fc.double({ min: 0.01, max: 10, noNaN: true }),
    mu: fc.double({ min: 0, max: 3, noNaN: true }),
  });

  test("for every group, alpha and mu, exactly without epsilon", () => {
    fc.assert(
      fc.property(groups, ({ ordered, shuffled, alpha, mu }) => {
        const temporal = { ...presets.neurips.temporal, alpha, mu };
        const a = scoreGroup(group(ordered, shuffled), literal(alpha, { temporal }));
        const b = scoreGroup(group(ordered, shuffled), literal(0));
        expect(distance(a.advantages, b.advantages)).toBeLessThan(1e-11);
      }),
      { numRuns: 500 },
    );
  });

  test("with the epsilon of 1e-4 up to eps * |A| / std", () => {
    fc.assert(
      fc.property(groups, ({ ordered, shuffled, alpha }) => {
        const advantage = { scale: "std", ddof: 1, eps: 1e-4, minStd: 0 } as const;
        const a = scoreGroup(group(ordered, shuffled), literal(alpha, { advantage }));
        const b = scoreGroup(group(ordered, shuffled), literal(0, { advantage }));
        expect(distance(a.advantages, b.advantages)).toBeLessThan(2e-3);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the bonus acts where something escapes the normalisation", () => {
  const binaryGroup = group([1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0]);
  test.each<[string, RolloutGroup, Partial<ScoreOptions>]>([
    ["three reward levels that straddle the threshold", group([1, 0.7, 0.2, 0], [0, 0]), {}],
    ["no division by the deviation", binaryGroup, { advantage: { scale: "none", ddof: 1, eps: 0, minStd: 0 } }],
  ])("%s", (_, g, change) => {
    const difference = distance(
      scoreGroup(g, literal(0.3, change)).advantages,
      scoreGroup(g, literal(0, change)).advantages,
    );
    expect(difference).toBeGreaterThan(0.01);
  });

  test("a bonus on the advantage", () => {
    const temporal = { ...presets.neurips.temporal, target: "advantage" } as const;
    const difference = distance(
      scoreGroup(binaryGroup, literal(0.3, { temporal })).advantages,
      scoreGroup(binaryGroup, literal(0)).advantages,
    );
    expect(difference).toBeCloseTo(0.3, 12);
  });

  test("partial rewards all above the threshold are only shifted", () => {
    const g = group([1, 0.9, 0.6, 0.7], [0, 0]);
    expect(distance(scoreGroup(g, literal(0.3)).advantages, scoreGroup(g, literal(0)).advantages)).toBeLessThan(1e-14);
  });
});

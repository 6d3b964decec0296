import { describe, expect, test } from "vitest";
import { createSampler, type SamplingOptions } from "./sampling.ts";

const logits = Float32Array.of(1, 3, -2, 2, 2.5, 0);
const none = new Set<number>();

/** How often each id is drawn, over seeds. */
function frequencies(options: SamplingOptions, draws = 4000, seen: ReadonlySet<number> = none): number[] {
  const sample = createSampler(options);
  const counts = new Array<number>(logits.length).fill(0);
  for (let seed = 0; seed < draws; seed++) counts[sample(logits, seen, seed, 7).id]!++;
  return counts.map((count) => count / draws);
}

function softmax(scores: number[]): number[] {
  const weights = scores.map(Math.exp);
  return weights.map((weight) => weight / weights.reduce((sum, w) => sum + w, 0));
}

describe("draws follow", () => {
  const all = [...logits];
  const kept = (ids: number[]) => all.map((logit, id) => (ids.includes(id) ? logit : -Infinity));
  test.each<[string, SamplingOptions, number[]]>([
    ["the softmax", {}, softmax(all)],
    ["logits / temperature", { temperature: 2 }, softmax(all.map((logit) => logit / 2))],
    ["the k best", { topK: 2 }, softmax(kept([1, 4]))],
    ["k of the whole vocabulary", { topK: 100 }, softmax(all)],
    // Probabilities .46 .28 .17 .06 ...: .7 needs two, .8 three.
    ["the nucleus", { topP: 0.7 }, softmax(kept([1, 4]))],
    ["a larger nucleus", { topP: 0.8 }, softmax(kept([1, 4, 3]))],
    ["the best alone at topP -> 0", { topP: 1e-9 }, [0, 1, 0, 0, 0, 0]],
    ["the nucleus of the k best, renormalised", { topK: 3, topP: 0.6 }, softmax(kept([1, 4]))],
    ["the temperature before the nucleus", { temperature: 0.1, topP: 0.9 }, [0, 1, 0, 0, 0, 0]],
  ])("%s", (_, options, expected) => {
    for (const [id, frequency] of frequencies(options).entries()) {
      const sigma = Math.sqrt((expected[id]! * (1 - expected[id]!)) / 4000);
      expect(Math.abs(frequency - expected[id]!)).toBeLessThanOrEqual(4 * sigma);
    }
  });
});

test("ties with the k-th best are kept", () => {
  const sample = createSampler({ topK: 1 });
  const drawn = new Set(Array.from({ length: 50 }, (_, seed) => sample(Float32Array.of(1, 1, 0), none, seed, 0).id));
  expect([...drawn].sort()).toEqual([0, 1]);
});

test("greedy takes the best, the penalty divides positive and multiplies negative logits of seen tokens", () => {
  expect(createSampler({ doSample: false })(logits, none, 0, 0).id).toBe(1);
  expect(createSampler({ doSample: false, repetitionPenalty: 1.3 })(logits, new Set([1]), 0, 0).id).toBe(4);
  expect(
    createSampler({ doSample: false, repetitionPenalty: 2 })(Float32Array.of(-1, -1.5), new Set([0]), 0, 0).id,
  ).toBe(1);
});

test("logp is the model's own, whatever was cut off", () => {
  const { id, logp } = createSampler({ temperature: 0.5, topK: 1, repetitionPenalty: 5 })(logits, new Set([0]), 1, 0);
  expect(logp).toBeCloseTo(Math.log(softmax([...logits])[id]!), 6);
});

test("a draw depends on seed and index alone", () => {
  const sample = createSampler({});
  const draw = (seed: number, n: number) => sample(logits, none, seed, n).id;
  const sequence = Array.from({ length: 40 }, (_, n) => draw(3, n));
  expect(Array.from({ length: 40 }, (_, n) => draw(3, n))).toEqual(sequence);
  expect(Array.from({ length: 40 }, (_, n) => draw(4, n))).not.toEqual(sequence);
  expect(new Set(sequence).size).toBeGreaterThan(2);
});

test("logits that are not finite are an error, not a token", () => {
  expect(() => createSampler({})(Float32Array.of(1, Number.NaN), none, 0, 0)).toThrow(
    expect.objectContaining({ code: "NON_FINITE_LOGITS", logSum: Number.NaN, hint: expect.any(String) }),
  );
});

test.each<[SamplingOptions, string]>([
  [{ temperature: -1 }, "temperature -1 must be > 0"],
  [{ topP: 0 }, "topP 0 must be in (0, 1]"],
  [{ topP: Number.NaN }, "topP NaN"],
  [{ topK: 1.5 }, "topK 1.5 must be an integer"],
  [{ repetitionPenalty: 0 }, "repetitionPenalty 0"],
])("options %j are an error", (options, message) => {
  expect(() => createSampler(options)).toThrow(message);
});

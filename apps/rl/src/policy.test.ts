// Answers of two tokens by a model of two tokens; the reward is that of the first one alone.
import { concat, div, gather, logSoftmax, reshape, type Tensor2D, tensor2d, variable } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import type { Completions, LogprobOptions } from "@videor1/model-qwen25vl";
import { LossOptions, policyGradients, SamplingOptions, type TrainedGroup, withOldLogps } from "@videor1/tgrpo";
import { beforeAll, describe, expect, test } from "vitest";
import { type PolicyInput, qwenPolicy } from "./policy.ts";

beforeAll(async () => {
  await initEngine({ backend: "wasm" });
});

const start = { first: [0.3, -0.4], second: [0.7, -0.2, -0.5, 0.9] }; // logits; of the second token after each first one

function tableModel() {
  const parameters = { first: variable(tensor2d([start.first])), second: variable(tensor2d(start.second, [2, 2])) };
  /** As the model: log softmax(logits / temperature). */
  const logprobs = (_: unknown, completions?: Completions, { temperature = 1 }: LogprobOptions = {}) => {
    const { ids, lengths } = completions!;
    const tables = [parameters.first, parameters.second].map((logits) =>
      reshape(logSoftmax(div(logits, temperature)), [-1]),
    );
    const rows = Array.from(lengths, (_, r) => [ids[2 * r]!, 2 + 2 * ids[2 * r]! + ids[2 * r + 1]!]);
    const logps = gather(concat(tables), tensor2d(rows, undefined, "int32")) as Tensor2D;
    return { logps, entropy: logps };
  };
  return { parameters, logprobs };
}

const probabilities = (logits: readonly number[], temperature: number): number[] => {
  const weights = logits.map((logit) => Math.exp(logit / temperature));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
};

/** -d loss / d logits of the exact expectation over all four answers, drawn at a temperature. */
async function exactGradient(temperature: number, iterations = 1) {
  const { parameters, logprobs } = tableModel();
  const policy = qwenPolicy({ logprobs }, { batch: () => ({}) as never }, { temperature });
  const first = probabilities(start.first, temperature);
  const ordered = [0, 1].flatMap((a) =>
    [0, 1].map((b) => {
      const after = probabilities(start.second.slice(2 * a, 2 * a + 2), temperature);
      const advantage = 4 * first[a]! * after[b]! * (a === 0 ? first[1]! : -first[0]!); // reward 1 for token 0, minus its mean
      const scores = { id: "", text: "", policyVersion: 0, accuracy: 0, format: 0 };
      return { ...scores, completionIds: Int32Array.of(a, b), temporalBonus: 0, lengthBonus: 0, reward: 0, advantage };
    }),
  );
  const options = {
    rollout: SamplingOptions.parse({ temperature }),
    loss: LossOptions.parse({ beta: 0, iterations, reduction: "sequence" }),
  };
  const input: PolicyInput = { row: { text: "", inputIds: new Int32Array() }, seeds: [] };
  let groups: TrainedGroup<PolicyInput>[] = [{ input, group: { ordered } }];
  if (iterations > 1) groups = await withOldLogps(policy, groups);
  const { grads } = await policyGradients({
    policy,
    groups,
    options,
    valueAndGrads: (f) => valueAndGrads(f, parameters),
  });
  return {
    first: [...(await grads.first!.data())].map((x) => -x),
    second: [...(await grads.second!.data())].map((x) => -x),
  };
}

describe.each([0.5, 0.7, 1, 1.5])("at temperature %d", (temperature) => {
  test.each([1, 2])("the gradient is that of the expected reward, with %d updates a batch", async (iterations) => {
    const [p, q] = probabilities(start.first, temperature) as [number, number];
    const { first, second } = await exactGradient(temperature, iterations);
    const expected = (p * q) / temperature / 2; // d p / d logit, over 2 tokens
    expect(first[0]).toBeCloseTo(expected, 6);
    expect(first[1]).toBeCloseTo(-expected, 6);
    for (const value of second) expect(value).toBeCloseTo(0, 6); // it has no influence on the reward
  });
});

test("at another temperature than 1 the clipped ratio wants log-probabilities of that temperature", async () => {
  const { parameters, logprobs } = tableModel();
  const rollout = { completionIds: Int32Array.of(0, 1), logps: Float32Array.of(-1, -1), advantage: 1 };
  const groups = [{ input: undefined, group: { ordered: [rollout] } }] as never;
  const options = { rollout: SamplingOptions.parse({ temperature: 0.7 }), loss: LossOptions.parse({ iterations: 2 }) };
  const policy = { logprobs: logprobs as never };
  const made = policyGradients({ policy, groups, options, valueAndGrads: (f) => valueAndGrads(f, parameters) });
  await expect(made).rejects.toThrow("at temperature 0.7 the clipped ratio needs oldLogps");
});

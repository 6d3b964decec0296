// The work of bench/peer.py, which uses transformers: the same configurations, shapes and steps.
import { dispose, mean, neg, type Scalar, tidy, type Variable, variable, zerosLike } from "@tensorflow/tfjs-core";
import { adamwUpdate, type FloatStorage, splitFloat32, valueAndGrads } from "@videor1/engine";
import { createModel, type ModelInputs, parseConfig } from "@videor1/model-qwen25vl";
import { inputsOf } from "../src/inputs-of.ts";
import { sizes } from "../src/sizes.ts";

export interface Work {
  forward(rows: number): void;
  trainingStep(): void;
  /** The same over completions of one prompt, which is computed once: what an update of T-GRPO does. */
  groupStep(): void;
  generate(rows: number): Promise<void>;
  /** `rows` completions of one prompt, which transformers computes once per completion. */
  complete(rows: number): Promise<void>;
  dispose(): void;
}

/** A model of `sizes[name]` with random weights, and what is timed on it. Weights in bfloat16 are trained as float32 in two halves. */
export function createWork(name: string, dtype: FloatStorage = "float32"): Work {
  const size = sizes[name]!;
  const model = createModel(parseConfig(size.config), { seed: 0 });
  const states = Object.entries(model.parameters).map(([name, given]) => {
    const weight = given as Variable;
    const zeros = () => tidy(() => variable(zerosLike(weight)));
    const [m, v] = [zeros(), zeros()];
    if (dtype === "float32") return { name, parameter: weight, m, v };
    const halves = splitFloat32(weight);
    weight.assign(halves.weight);
    const remainder = variable(halves.remainder);
    dispose([halves.weight, halves.remainder]);
    return { name, parameter: { weight, remainder }, m, v };
  });
  const settings = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 };
  let step = 0;
  const { batch: R, completion: C } = size;
  const prompts: Record<number, ModelInputs> = { 1: inputsOf(size, 1, 0), [R]: inputsOf(size, R, 0) };
  const whole = inputsOf(size, R, C);
  const greedy = { maxNewTokens: size.decode.tokens, doSample: false, eosTokenIds: [] };
  const P = prompts[1]!.inputIds.shape[1];
  const completions = {
    ids: whole.inputIds.data.filter((_, i) => i % (P + C) >= P),
    lengths: new Int32Array(R).fill(C),
    promptOf: new Int32Array(R),
  };
  // As apps/sft does where answers end their records: log-probabilities of the answers alone.
  const ownPrompts = { ...completions, promptOf: Int32Array.from({ length: R }, (_, row) => row) };
  const wholeLoss = () => neg(mean<Scalar>(model.logprobs(prompts[R]!, ownPrompts).logps));
  const groupLoss = () => neg(mean<Scalar>(model.logprobs(prompts[1]!, completions).logps));
  const update = (loss: () => Scalar) => () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    step++;
    for (const { name, parameter, m, v } of states) {
      adamwUpdate(parameter, grads[name]!, m, v, { ...settings, step });
    }
    dispose([value, ...Object.values(grads)]);
  };
  return {
    forward: (rows) => tidy(() => void model.forward(prompts[rows]!)),
    trainingStep: update(wholeLoss),
    groupStep: update(groupLoss),
    generate: async (rows) => void (await model.generate(prompts[rows]!, greedy)),
    complete: async (rows) => void (await model.generate(prompts[1]!, { ...greedy, numReturnSequences: rows })),
    dispose() {
      model.dispose();
      dispose(states.flatMap(({ m, v }) => [m, v]));
      dispose(states.flatMap(({ parameter }) => ("remainder" in parameter ? [parameter.remainder] : [])));
    },
  };
}

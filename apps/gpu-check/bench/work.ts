// The work of bench/peer.py, which uses transformers: the same configurations, shapes and steps.
import {
  dispose,
  mean,
  neg,
  randomNormal,
  randomUniform,
  type Scalar,
  slice,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { adamwUpdate, valueAndGrads } from "@videor1/engine";
import { createModel, type ModelInputs, parseConfig } from "@videor1/model-qwen25vl";
import { type Size, sizes } from "../src/sizes.ts";

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

/** A model of `sizes[name]` with random weights, and what is timed on it. */
export function createWork(name: string): Work {
  const size = sizes[name]!;
  const model = createModel(parseConfig(size.config), { seed: 0 });
  const moments = Object.entries(model.parameters).map(([name, parameter]) => {
    const zeros = () => tidy(() => variable(zerosLike(parameter)));
    return { name, parameter: parameter as Variable, m: zeros(), v: zeros() };
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
  const wholeLoss = () => neg(mean<Scalar>(slice(model.logprobs(whole).logps, [0, P - 1], [R, C])));
  const groupLoss = () => neg(mean<Scalar>(model.logprobs(prompts[1]!, completions).logps));
  const update = (loss: () => Scalar) => () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    step++;
    for (const { name, parameter, m, v } of moments) {
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
      for (const { m, v } of moments) dispose([m, v]);
    },
  };
}

/** `rows` equal prompts of text, a video and text, each followed by `extra` tokens of its own. */
function inputsOf({ grid, textBefore, textAfter, config }: Size, rows: number, extra: number): ModelInputs {
  const words = (count: number, seed: number) =>
    Array.from(tidy(() => randomUniform([count], 0, config.text_config.vocab_size / 2, "int32", seed).dataSync()));
  const patches = grid.reduce((product, length) => product * length, 1);
  const video = Array<number>(patches / 4).fill(config.video_token_id);
  const marks = [config.vision_start_token_id, config.vision_end_token_id] as const;
  const prompt = [...words(textBefore - 1, 1), marks[0], ...video, marks[1], ...words(textAfter - 1, 2)];
  const ids = Array.from({ length: rows }, (_, row) => [...prompt, ...words(extra, 3 + row)]);
  const pixels = tidy(() => randomNormal([patches, 1176], 0, 1, "float32", 1).dataSync<"float32">());
  const repeated = new Float32Array(rows * pixels.length);
  for (let row = 0; row < rows; row++) repeated.set(pixels, row * pixels.length);
  return {
    inputIds: { data: Int32Array.from(ids.flat()), shape: [rows, prompt.length + extra] },
    pixelValuesVideos: { data: repeated, shape: [rows * patches, 1176] },
    videoGridThw: { data: Int32Array.from(ids.flatMap(() => [...grid])), shape: [rows, 3] },
    secondPerGridTs: new Float32Array(rows).fill(1),
  };
}

// The work of bench.py, which uses transformers, on our model: the same checkpoint, shapes and repetitions.
import {
  dispose,
  mean,
  neg,
  type Scalar,
  slice,
  type Tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { adamwUpdate, globalNorm, initEngine, valueAndGrads } from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { loadModel, type Qwen25VL } from "@videor1/model-qwen25vl";
import { inputsOf } from "../inputs-of.ts";
import { figure } from "../records.ts";
import { type Size, sizes } from "../sizes.ts";

/** Median wall seconds after one run to warm up. */
const seconds = async (run: () => unknown, repetitions: number): Promise<number> =>
  (await timeRuns(run, repetitions)).medianSeconds;

/** Loads the checkpoint in the size's dtype and times prefill, decoding, and forward with backward. */
export async function bench(device: string, sizeName: string, folder: string): Promise<void> {
  const size = sizes[sizeName]!;
  const engine = await initEngine({ backend: "torch", device });
  console.log(`engine: ${engine.device}; ${size.about}`);
  const start = performance.now();
  const model = await loadModel(folder, { gradientCheckpointing: size.recompute, dtype: size.dtype });
  figure("load", (performance.now() - start) / 1000, "s");
  await timeGeneration(model, size);
  await timeTraining(model, size);
}

async function timeGeneration(model: Qwen25VL, size: Size): Promise<void> {
  const [prompt, prompts] = [inputsOf(size, 1, 0), inputsOf(size, size.batch, 0)];
  const forward = () => tidy(() => slice(model.forward(prompts).logits, [0, 0, 0], [1, 1, 1]).dataSync());
  figure(`forward ${prompts.inputIds.shape.join(" x ")}`, await seconds(forward, size.repetitions), "s");
  const prefill = () => model.generate(prompt, { maxNewTokens: 1, seed: 1, eosTokenIds: [] });
  figure("prefill of 1 prompt", await seconds(prefill, size.repetitions), "s");
  const { tokens, batches, ours } = size.decode;
  for (const counts of [...batches.map((rows) => [rows]), ...ours]) {
    const given = inputsOf(size, counts.length, 0);
    const generate = (tokens: number) =>
      model.generate(given, { maxNewTokens: tokens, numReturnSequences: counts, seed: 1, eosTokenIds: [] });
    const isEven = counts.every((count) => count === counts[0]);
    const total = isEven ? counts.length * counts[0]! : counts.join(" + ");
    const what = `${total} rows${counts.length > 1 ? ` of ${counts.length} prompts` : ""}`;
    const first = await seconds(() => generate(1), size.repetitions);
    const all = await seconds(() => generate(tokens + 1), size.repetitions);
    figure(`generate ${tokens + 1} tokens, ${what}`, all, "s");
    figure(`decode, a token of ${what}`, (1000 * (all - first)) / tokens, "ms");
  }
}

async function timeTraining(model: Qwen25VL, size: Size): Promise<void> {
  const { batch: R, completion: C } = size;
  const [prompt, whole] = [inputsOf(size, 1, 0), inputsOf(size, R, C)];
  const [L, P] = [whole.inputIds.shape[1], prompt.inputIds.shape[1]];
  const completions = {
    ids: whole.inputIds.data.filter((_, i) => i % L >= P),
    lengths: new Int32Array(R).fill(C),
    promptOf: new Int32Array(R),
  };
  const update = size.optimizer ? optimizer(model.parameters) : () => {};
  const step = (loss: () => Scalar) => () => {
    const { value, grads } = valueAndGrads(loss, model.parameters);
    update(grads);
    const norm = globalNorm(Object.values(grads));
    if (!Number.isFinite(norm.dataSync()[0])) throw new Error("the norm of the gradients is not finite"); // waits for the GPU
    dispose([value, norm, ...Object.values(grads)]);
  };
  const wholeLoss = () => neg(mean<Scalar>(slice(model.logprobs(whole).logps, [0, P - 1], [R, C])));
  const sharedLoss = () => neg(mean<Scalar>(model.logprobs(prompt, completions).logps));
  figure(
    `forward + backward${size.optimizer ? " + AdamW" : ""} ${R} x ${L}`,
    await seconds(step(wholeLoss), size.repetitions),
    "s",
  );
  figure(`the same, the prompt computed once`, await seconds(step(sharedLoss), size.repetitions), "s");
}

/** AdamW with a learning rate that hardly moves the weights. */
function optimizer(parameters: Qwen25VL["parameters"]): (grads: Record<string, Tensor>) => void {
  const moments = new Map<string, [Variable, Variable]>();
  let step = 0;
  return (grads) => {
    step++;
    for (const [name, grad] of Object.entries(grads)) {
      const [m, v] = moments.get(name) ?? [variable(zerosLike(grad)), variable(zerosLike(grad))];
      moments.set(name, [m, v]);
      const options = { learningRate: 1e-6, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01, step };
      adamwUpdate(parameters[name]!, grad, m, v, options);
    }
  };
}

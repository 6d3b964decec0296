// Does a model of this size train: SFT updates on one record, then T-GRPO updates with the reference, as apps/sft and apps/rl
// make them, with the optimizer of apps/rl's configs and a part of the batch for each prompt; whole, with moments in 8 bits, and by
// LoRA.
import { mean, memory, neg, type Scalar, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import {
  type Completions,
  completionsOf,
  loadReference,
  loadTrained,
  type ParkedModel,
  type Qwen25VL,
  type TrainedPart,
} from "@videor1/model-qwen25vl";
import { grpoLoss } from "@videor1/tgrpo";
import { createReplica, OptimizerOptions, type Replica, type TakeGradient } from "@videor1/train";
import { inputsOf } from "../inputs-of.ts";
import { figure } from "../records.ts";
import { type Size, sizes } from "../sizes.ts";

interface Training {
  size: Size;
  model: Qwen25VL;
  replica: Replica;
  learningRate: number;
}

/** What a stage trains, and how, besides the size. */
interface Way {
  part?: Partial<TrainedPart>;
  optimizer?: Partial<OptimizerOptions>;
  /** Updates of each kind; default: the size's. */
  steps?: { sft: number; rl: number };
}

/** Ways to train, by stage. */
export const ways = {
  train: {},
  "train int8": { optimizer: { moments: "int8" }, steps: { sft: 3, rl: 1 } },
  "train lora": {
    part: { lora: { rank: 64, alpha: 64, rsLora: false, targets: ["q_proj", "v_proj", "up_proj", "down_proj"] } },
    optimizer: { learningRate: 1e-4 },
    steps: { sft: 3, rl: 1 },
  },
} satisfies Record<string, Way>;

/**
 * Loads the checkpoint for training and makes the updates of a way.
 *
 * @throws {Error} If the loss of the record does not fall.
 */
export async function train(device: string, sizeName: string, folder: string, way: Way): Promise<void> {
  const size = sizes[sizeName]!;
  const engine = await initEngine({ backend: "torch", device });
  console.log(`engine: ${engine.device}; ${size.about}`);
  const load = { gradientCheckpointing: size.recompute, dtype: size.dtype };
  const part = { model: folder, seed: 0, ...way.part };
  const { model, remainders } = await timed("load for training", () => loadTrained(part, undefined, load));
  const reference = await timed("load the reference", () => loadReference(part, model, load));
  const options = OptimizerOptions.parse({ learningRate: 1e-6, weightDecay: 0.01, maxGradNorm: 5, ...way.optimizer });
  const replica = createReplica(model.trainable, options, { remainders });
  const training = { size, model, replica, learningRate: options.learningRate };
  figure("trained parameters", replica.size, "");
  held("loaded");
  const steps = way.steps ?? { sft: size.train.sftSteps, rl: size.train.rlSteps };
  const losses: number[] = [];
  for (let step = 0; step < steps.sft; step++) losses.push(await sftStep(training, step));
  if (!(losses.at(-1)! < losses[0]!)) throw new Error(`the loss of one record does not fall: ${losses.join(", ")}`);
  for (let step = 0; step < steps.rl; step++) await rlStep(training, reference, step);
}

/** One update on the same record each time. @returns The loss. */
async function sftStep({ size, model, replica, learningRate }: Training, step: number): Promise<number> {
  const prompt = inputsOf(size, 1, 0);
  const answer = completionsOf([Array.from({ length: size.completion }, (_, i) => 11 + ((i * 37) % 400))]);
  const { loss } = await timed(`SFT update ${step}`, () =>
    replica.step({
      parts: 1,
      learningRate,
      compute: async (_, take) =>
        gradientsOf(model, take, () => neg(mean<Scalar>(model.logprobs(prompt, answer).logps))),
      reduce: ([loss]) => ({ metrics: { loss: loss! } }),
    }),
  );
  figure(`SFT update ${step}: loss`, loss, "nats");
  held(`SFT update ${step}`);
  return loss;
}

/** Samples for every prompt, takes the reference's log-probabilities, and makes one update over one part a prompt. */
async function rlStep({ size, model, replica, learningRate }: Training, reference: ParkedModel, step: number) {
  const { batch, completion, train } = size;
  const prompts = inputsOf(size, train.prompts, 0);
  const prompt = inputsOf(size, 1, 0); // all prompts are equal
  const what = `T-GRPO update ${step}`;
  const { sequences } = await timed(`${what}: sample ${train.prompts} x ${batch} of ${completion} tokens`, () =>
    model.generate(prompts, {
      maxNewTokens: completion,
      numReturnSequences: batch,
      seed: step,
      temperature: 0.1,
      topP: 0.95,
      eosTokenIds: [],
    }),
  );
  const parts = Array.from({ length: train.prompts }, (_, part): Completions => {
    const completions = completionsOf(sequences.slice(part * batch, (part + 1) * batch).map((ids) => [...ids]));
    return { ...completions, promptOf: new Int32Array(batch) };
  });
  const refLogps = await timed(`${what}: reference`, async () => {
    const brought = reference.bring();
    held(`${what}, with the reference`);
    const logps = parts.map((given) => tidy(() => brought.logprobs(prompt, given).logps.dataSync<"float32">()));
    brought.dispose();
    return logps;
  });
  const metrics = await timed(`${what}: gradients of ${train.prompts} parts and update`, () =>
    replica.step({
      parts: parts.length,
      learningRate,
      compute: async (part, take) => {
        const made = gradientsOf(model, take, () =>
          partLoss(model, prompt, parts[part]!, refLogps[part]!, parts.length),
        );
        held(`${what}, gradients of part ${part}`);
        return made;
      },
      reduce: (losses) => ({ metrics: { loss: losses.reduce((sum, loss) => sum + loss, 0) } }),
    }),
  );
  figure(`${what}: loss`, metrics.loss, "");
  figure(`${what}: gradient norm`, metrics.gradNorm, "");
  held(what);
}

function partLoss(
  model: Qwen25VL,
  prompt: ReturnType<typeof inputsOf>,
  completions: Completions,
  refLogps: Float32Array,
  parts: number,
): Scalar {
  const rows = completions.lengths.length;
  const width = completions.ids.length / rows;
  const inputs = {
    logps: model.logprobs(prompt, completions).logps,
    refLogps: tensor2d(refLogps, [rows, width]),
    completionMask: tensor2d(new Float32Array(rows * width).fill(1), [rows, width]),
    advantages: tensor1d(Array.from({ length: rows }, (_, i) => (i % 2 ? 1 : -1))),
    batch: { rows: rows * parts, tokens: rows * width * parts },
  };
  return grpoLoss(inputs, { beta: 0.04, klClamp: 10, reduction: "sequence", maxCompletionLength: width }).loss;
}

function gradientsOf(model: Qwen25VL, take: TakeGradient, loss: () => Scalar) {
  const { value } = valueAndGrads(() => tidy(loss), model.trainable, take);
  const [share] = value.dataSync();
  value.dispose();
  return { share: share! };
}

async function timed<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await run();
  figure(name, (performance.now() - start) / 1000, "s");
  return value;
}

/** Reports the bytes of all tensors on the device. */
function held(when: string): void {
  const { numBytesInTorch } = memory() as unknown as { numBytesInTorch: number };
  figure(`${when}: tensors hold`, numBytesInTorch / 1e9, "GB");
}

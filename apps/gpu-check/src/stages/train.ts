// Does a model of this size train, and how long do the parts of a step take: SFT updates on one record, then T-GRPO updates with
// the reference, as apps/sft and apps/rl make them, with the optimizer of apps/rl's configs and a part of the batch for each prompt;
// whole, with moments in 8 bits, and by LoRA; and many updates on answers of many lengths, whose memory stays as it is.
import { fill, mean, memory, neg, type Scalar, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
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
  /** SFT updates on one record, T-GRPO updates of one prompt, or those whose memory is watched; default: the size's of the first two. */
  steps?: { sft?: number; rl?: number; flat?: boolean };
}

/** Ways to train, by stage. */
export const ways = {
  train: {},
  "train flat": { steps: { flat: true } },
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
 * @throws {Error} If the loss of the record does not fall, or the memory grows between updates.
 */
export async function train(device: string, sizeName: string, folder: string, way: Way): Promise<void> {
  const size = sizes[sizeName]!;
  const engine = await initEngine({ backend: "torch", device });
  console.log(`engine: ${engine.device}; ${size.about}`);
  const load = { gradientCheckpointing: size.recompute, dtype: size.dtype };
  const part = { model: folder, seed: 0, ...way.part };
  const { model, remainders } = await timed("load for training", () => loadTrained(part, undefined, load));
  const options = OptimizerOptions.parse({ learningRate: 1e-6, weightDecay: 0.01, maxGradNorm: 5, ...way.optimizer });
  const replica = createReplica(model.trainable, options, { remainders });
  const training = { size, model, replica, learningRate: options.learningRate };
  figure("trained parameters", replica.size, "");
  held("loaded");
  const { sftSteps, rlSteps, prompts, flatSteps: watched } = size.train;
  const { sft = 0, rl = 0, flat = false } = way.steps ?? { sft: sftSteps, rl: rlSteps };
  const losses: number[] = [];
  for (let step = 0; step < sft; step++) losses.push(await sftStep(training, `SFT update ${step}`));
  if (sft > 0 && !(losses.at(-1)! < losses[0]!))
    throw new Error(`the loss of one record does not fall: ${losses.join(", ")}`);
  if (rl > 0) {
    const reference = await timed("load the reference", () => loadReference(part, model, load));
    for (const count of way.steps ? prompts.slice(0, 1) : prompts)
      for (let step = 0; step < rl; step++) await rlStep(training, reference, count, step);
  }
  if (flat) await flatSteps(training, watched);
}

/** Updates on answers of many lengths. @throws {Error} If tensors hold more after one than after the first. */
async function flatSteps(training: Training, steps: number): Promise<void> {
  const { completion } = training.size;
  const after: number[] = [];
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    await sftUpdate(training, Math.max(1, Math.ceil((completion * ((step * 7) % 10)) / 10)));
    after.push(heldBytes());
  }
  figure(`${steps} updates on answers of 1 to ${completion} tokens`, (performance.now() - start) / 1000, "s");
  figure("most that tensors hold between them", Math.max(...after) / 1e9, "GB");
  if (Math.max(...after) > after[0]!)
    throw new Error(`tensors hold ${after[0]} bytes after the first of ${steps} updates, then ${Math.max(...after)}`);
}

/** One update on the same record each time. @returns The loss. */
async function sftStep(training: Training, what: string): Promise<number> {
  const { loss, gradients, update } = await sftUpdate(training, training.size.completion);
  figure(`${what}: gradients`, gradients, "s");
  figure(`${what}: update`, update, "s");
  figure(`${what}: loss`, loss, "nats");
  held(what);
  return loss;
}

async function sftUpdate(training: Training, tokens: number) {
  const prompt = inputsOf(training.size, 1, 0);
  const answer = completionsOf([Array.from({ length: tokens }, (_, i) => 11 + ((i * 37) % 400))]);
  const { model } = training;
  return await timedStep(training, [() => neg(mean<Scalar>(model.logprobs(prompt, answer).logps))]);
}

/** One update by the sum of the losses; the seconds of its gradients and of the rest, which is the norm and AdamW. */
async function timedStep(
  { model, replica, learningRate }: Training,
  losses: readonly (() => Scalar)[],
  onPart = (_: number) => {},
) {
  const start = performance.now();
  let gradients = 0;
  const metrics = await replica.step({
    parts: losses.length,
    learningRate,
    compute: async (part, take) => {
      const began = performance.now();
      const made = gradientsOf(model, take, losses[part]!);
      gradients += (performance.now() - began) / 1000;
      onPart(part);
      return made;
    },
    reduce: (shares) => ({ metrics: { loss: shares.reduce((sum, loss) => sum + loss, 0) } }),
  });
  tidy(() => fill([], 0).dataSync()); // waits for the device
  return { ...metrics, gradients, update: (performance.now() - start) / 1000 - gradients };
}

/**
 * Samples for every prompt, as many answers of ordered frames as the size says and half as many of shuffled ones, takes the
 * reference's log-probabilities of the first, and makes one update over one part a prompt.
 */
async function rlStep(training: Training, reference: ParkedModel, count: number, step: number) {
  const { size, model } = training;
  const { batch, completion } = size;
  const [prompts, prompt] = [inputsOf(size, 2 * count, 0), inputsOf(size, 1, 0)]; // all are equal
  const rows = Array.from({ length: 2 * count }, (_, i) => (i % 2 ? Math.ceil(batch / 2) : batch));
  const start = performance.now();
  const what = `T-GRPO update ${step} of ${count} prompt${count > 1 ? "s" : ""}`;
  const sampling = `${what}: sample ${rows.reduce((sum, n) => sum + n, 0)} x ${completion} tokens`;
  const { sequences, promptOf } = await timed(sampling, () =>
    model.generate(prompts, {
      maxNewTokens: completion,
      numReturnSequences: rows,
      seed: step,
      temperature: 0.1,
      topP: 0.95,
      eosTokenIds: [],
    }),
  );
  const parts = Array.from({ length: count }, (_, part): Completions => {
    const ordered = sequences.filter((_, row) => promptOf[row] === 2 * part);
    return { ...completionsOf(ordered.map((ids) => [...ids])), promptOf: new Int32Array(batch) };
  });
  const refLogps = await timed(`${what}: reference`, async () => {
    const brought = reference.bring();
    held(`${what}, with the reference`);
    const logps = parts.map((given) => tidy(() => brought.logprobs(prompt, given).logps.dataSync<"float32">()));
    brought.dispose();
    return logps;
  });
  const losses = parts.map((given, part) => () => partLoss(model, prompt, given, refLogps[part]!, count));
  const made = await timedStep(training, losses, (part) => held(`${what}, gradients of part ${part}`));
  figure(`${what}: gradients`, made.gradients, "s");
  figure(`${what}: update`, made.update, "s");
  figure(what, (performance.now() - start) / 1000, "s");
  figure(`${what}: loss`, made.loss, "");
  figure(`${what}: gradient norm`, made.gradNorm, "");
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

/** Bytes of all tensors on the device. */
const heldBytes = (): number => (memory() as unknown as { numBytesInTorch: number }).numBytesInTorch;

const held = (when: string): void => figure(`${when}: tensors hold`, heldBytes() / 1e9, "GB");

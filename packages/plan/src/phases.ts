import { mean, type Scalar, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { valueAndGrads } from "@videor1/engine";
import type { Completions, ModelInputs, Qwen25VL } from "@videor1/model-qwen25vl";
import { type Job, promptsOfPart } from "./job.ts";
import { shapeModel } from "./shapes/shape-model.ts";
import { withShapes } from "./shapes/with-shapes.ts";

export type PhaseName = "sampling" | "contrast" | "reference" | "gradients" | "validation";

/** One part's share of a phase, beside what is held from step to step. */
export interface Phase {
  /** The most bytes of tensors. */
  tensors: number;
  /** The same with what kernels hold for themselves while they run, as far as it is counted: logits, and the head's gradient. */
  inside: number;
  /** Floating-point operations of products and attention; of sampling, those before the second token. */
  operations: number;
}

export interface Phases {
  of: Partial<Record<PhaseName, Phase>>;
  /** Bytes of all gradients of a part, as the backward pass gives them. */
  gradients: number;
}

/**
 * What each phase of a step needs, counted on shapes: the model itself runs the phases on a backend without data.
 *
 * With one part the gradients are among the tensors of their phase; with several they are handed on as they come.
 */
export async function phasesOf(job: Job): Promise<Phases> {
  return await withShapes(async (backend) => {
    const model = shapeModel(job);
    const held = backend.bytes;
    const [count, scale] = countedPrompts(promptsOfPart(job));
    const measure = async (run: () => unknown, times = scale): Promise<Phase> => {
      backend.restart();
      await run();
      const { peak, peakInside, operations } = backend;
      return { tensors: times * (peak - held), inside: times * (peakInside - held), operations: times * operations };
    };
    const { rl, validationBatch } = job;
    const of: Phases["of"] = {};
    if (rl) {
      const { completions, shuffled, contrast, reference } = rl;
      of.sampling = await measure(() =>
        sample(model, job, Array<number[]>(count).fill(orders(completions, shuffled)).flat()),
      );
      if (contrast) of.contrast = await measure(() => logps(model, job, 2 * count, completions));
      const frozen = reference === "shared" ? model.adapted!.base : model;
      if (reference !== "none") of.reference = await measure(() => logps(frozen, job, count, completions));
    }
    let gradients = 0;
    const kept: Tensor[] = [];
    const drop = (gradient: Tensor) => {
      const before = backend.bytes;
      gradient.dispose();
      gradients += before - backend.bytes;
    };
    of.gradients = await measure(() => {
      const loss = () => mean<Scalar>(logpsOf(model, job, count, rl?.completions ?? 1));
      const take = (_: string, gradient: Tensor) => (job.parts === 1 ? void kept.push(gradient) : drop(gradient));
      valueAndGrads(loss, model.trainable, take).value.dispose();
    });
    kept.forEach(drop);
    if (validationBatch !== undefined) {
      const [records, times] = countedPrompts(validationBatch);
      const answer = () => (rl ? sample(model, job, Array<number>(records).fill(1)) : logps(model, job, records, 1));
      of.validation = await measure(answer, times);
    }
    return { of, gradients };
  });
}

/** So many prompts are run, and the result is multiplied: beyond 32 prompts a part, what does not depend on them is counted too often. */
function countedPrompts(prompts: number): [count: number, scale: number] {
  const count = Math.min(prompts, 32);
  return [count, prompts / count];
}

/** `count`, which counts jobs that differ in nothing that it depends on once. */
export function remembered(count: typeof phasesOf): typeof phasesOf {
  const known = new Map<string, Promise<Phases>>();
  return (job) => {
    const { optimizer, steps, workers, sharding, checkpoints, promptsPerStep, parts, ...same } = job;
    const key = JSON.stringify({ ...same, part: promptsOfPart(job), isWhole: parts === 1 });
    const found = known.get(key) ?? count(job);
    known.set(key, found);
    return found;
  };
}

/** Completions of a prompt in both orders of its frames. */
const orders = (completions: number, shuffled: number): number[] =>
  shuffled > 0 ? [completions, shuffled] : [completions];

/** @param counts - Completions of each input. */
const sample = (model: Qwen25VL, job: Job, counts: readonly number[]): Promise<unknown> =>
  model.generate(inputs(job, counts.length), {
    maxNewTokens: job.completionTokens,
    doSample: false,
    numReturnSequences: counts,
  });

const logps = (model: Qwen25VL, job: Job, prompts: number, each: number): void =>
  tidy(() => void logpsOf(model, job, prompts, each));

function logpsOf(model: Qwen25VL, job: Job, prompts: number, each: number): Tensor {
  if (job.wholeConversation) return model.logprobs(inputs(job, prompts, job.completionTokens)).logps;
  return model.logprobs(inputs(job, prompts), completions(job, prompts, each)).logps;
}

function completions({ completionTokens, model }: Job, prompts: number, each: number): Completions {
  const rows = prompts * each;
  return {
    ids: new Int32Array(rows * completionTokens).fill(textToken(model)),
    lengths: new Int32Array(rows).fill(completionTokens),
    promptOf: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / each)),
  };
}

/** Equal prompts of one clip and text, followed by `extra` tokens each. */
function inputs({ model, prompt }: Job, rows: number, extra = 0): ModelInputs {
  const { kind, grid, textTokens } = prompt;
  const { patchSize, temporalPatchSize, inChannels, spatialMergeSize } = model.vision;
  const patches = grid[0] * grid[1] * grid[2];
  const clipTokens = patches / spatialMergeSize ** 2;
  const length = textTokens + clipTokens + extra;
  const ids = new Int32Array(rows * length).fill(textToken(model));
  for (let row = 0; row < rows; row++)
    ids.fill(
      kind === "video" ? model.videoTokenId : model.imageTokenId,
      row * length + 1,
      row * length + 1 + clipTokens,
    );
  const columns = inChannels * temporalPatchSize * patchSize ** 2;
  const pixels = { data: new Float32Array(rows * patches * columns), shape: [rows * patches, columns] as const };
  const grids = { data: Int32Array.from({ length: 3 * rows }, (_, i) => grid[i % 3]!), shape: [rows, 3] as const };
  return {
    inputIds: { data: ids, shape: [rows, length] },
    ...(kind === "video"
      ? { pixelValuesVideos: pixels, videoGridThw: grids }
      : { pixelValues: pixels, imageGridThw: grids }),
  };
}

/** A token that stands for none of a clip and no padding. */
const textToken = ({ imageTokenId, videoTokenId, text }: Job["model"]): number =>
  [0, 1, 2, 3].find((id) => id !== imageTokenId && id !== videoTokenId && id !== text.padTokenId)!;

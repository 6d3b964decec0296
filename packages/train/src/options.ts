/** Config sections that the training apps share: types, defaults, bounds and help. */
import { z } from "zod";
import type { Member } from "./member.ts";
import type { Schedule } from "./schedule.ts";

export const EngineOptions = z.strictObject({
  backend: z
    .enum(["auto", "torch", "tensorflow", "wasm"])
    .default("auto")
    .describe("auto: torch with a GPU, else torch on the CPU, else wasm"),
  device: z
    .string()
    .regex(/^(cpu|cuda(:\d+)?)$/, 'must be "cpu", "cuda" or "cuda:N"')
    .optional()
    .describe("torch only; default: the GPU if there is one, else cpu"),
  threads: z
    .int()
    .min(1)
    .optional()
    .describe("torch only: threads of one op on the CPU; default: the cores, divided among the workers"),
  workers: z
    .int()
    .min(1)
    .default(1)
    .describe("Replicas of the model, one thread each; training uses one a part of the batch at most"),
  timeoutSeconds: z
    .number()
    .positive()
    .max(2e6)
    .default(3600)
    .describe("Training on several workers: how long one waits for another within a step before the run stops"),
  zeroStage: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .default(2)
    .describe(
      "Training on several processes: 2 cuts moments, master weights and sums of gradients among them, and exchanges every part's " +
        "gradients as they come, to the bytes of one process; 1 lets a process add its own parts up first: less traffic, 4 more " +
        "bytes a parameter, equal to 1e-6; 0 keeps everything in every process",
    ),
  bucketMegabytes: z
    .number()
    .positive()
    .max(2000)
    .default(200)
    .describe("Training on several processes: the size of what they exchange at once, 10^6 bytes"),
});
export type EngineOptions = z.infer<typeof EngineOptions>;

/** Seed of everything that is drawn. The order of the records reads 32 bits of it: two larger seeds could be the same run. */
export const Seed = z
  .int()
  .min(0)
  .max(
    2 ** 32 - 1,
    "must be below 2^32: the order of the records reads 32 bits, and a larger seed would repeat another's",
  );

/** Storage of tensors. Results depend on it, so it is no part of `engine`, whose settings may change on resume. */
export const Dtype = z
  .enum(["float32", "bfloat16"])
  .optional()
  .describe(
    "How weights, activations and key/value caches are stored, and so the model that training leaves; default float32. " +
      "bfloat16: torch only. Updates and checkpoints are float32 in any case",
  );

/**
 * The engine options of one worker: unless `threads` is given, an equal part of the process's cores, which the worker's threads, or
 * the run's processes on the same cores, share. Several processes compute on torch, each on the GPU of its local rank.
 */
export function workerEngine({ backend, device, threads, workers }: EngineOptions, cores: number, member?: Member) {
  const isRank = member !== undefined && "ranks" in member;
  const sharers = isRank ? member.sharers : workers;
  const own = { backend, device, threads: threads ?? Math.max(1, Math.floor(cores / sharers)) };
  return isRank ? { ...own, backend: "torch" as const, gpu: member.ranks.localRank } : own;
}

export const OptimizerOptions = z.strictObject({
  learningRate: z.number().positive().default(1e-6),
  schedule: z.enum(["constant", "linear", "cosine"]).default("linear"),
  warmupSteps: z.int().min(0).default(0),
  minLearningRateRatio: z.number().min(0).max(1).default(0).describe("Where linear and cosine end, as a share"),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  eps: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  noDecay: z
    .array(z.string().min(1))
    .optional()
    .describe("Parameters whose name contains one of these have no weight decay, e.g. [bias, norm]; default: none"),
  moments: z
    .enum(["float32", "int8"])
    .default("float32")
    .describe(
      "How AdamW's moments are stored: 8 bytes a parameter, or 2.03 as codes of 8 bits in blocks of 256, whose updates are near " +
        "those of float32 but not the same; parameters of less than 4,096 elements keep float32",
    ),
  float32Moments: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "With moments int8: parameters whose name contains one of these keep float32 moments; default: [embed_tokens, lm_head]",
    ),
  maxGradNorm: z.number().positive().default(5),
});
export type OptimizerOptions = z.infer<typeof OptimizerOptions>;

/** The learning-rate schedule of a run of `totalSteps` steps. */
export const scheduleOf = (options: OptimizerOptions, totalSteps: number): Schedule => ({
  kind: options.schedule,
  learningRate: options.learningRate,
  warmupSteps: options.warmupSteps,
  minRatio: options.minLearningRateRatio,
  totalSteps,
});

/** Config sections that every training app shares; types, defaults, bounds and help in one place. */
import { z } from "zod";
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
});
export type EngineOptions = z.infer<typeof EngineOptions>;

/** Not of `engine`, whose settings may change within a run. */
export const Dtype = z
  .enum(["float32", "bfloat16"])
  .optional()
  .describe(
    "How weights, activations and key/value caches are stored, and so the model that training leaves; default float32. " +
      "bfloat16: torch only. Master weights, optimizer and checkpoints are float32 in any case",
  );

/** What one of the workers starts its engine with: if nothing else is asked for, its share of the machine's cores. */
export function workerEngine<Options extends EngineOptions>({ workers, ...engine }: Options, cores: number) {
  return { ...engine, threads: engine.threads ?? Math.max(1, Math.floor(cores / workers)) };
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

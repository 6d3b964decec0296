import { dispose } from "@tensorflow/tfjs-core";
import { isFrozen } from "@videor1/engine";
import { createAdapter } from "./create-adapter.ts";
import { loadAdapter } from "./load-adapter.ts";
import type { LoraOptions } from "./lora-options.ts";
import {
  type LoadOptions,
  loadForTraining,
  loadModel,
  type Qwen25VL,
  type TrainedModel,
  withAdapter,
} from "./model.ts";
import { loadParkedModel, type ParkedModel } from "./parked-model.ts";

/** What a run trains, as in its config. */
export interface TrainedPart {
  /** Hugging Face folder. */
  model: string;
  /** All weights, or those of the language model. */
  trainable?: "all" | "language" | undefined;
  /** A new adapter instead. */
  lora?: LoraOptions | undefined;
  /** Folder of an adapter that is trained further. */
  adapter?: string | undefined;
  /** Of a new adapter. */
  seed: number;
}

/** Whether an adapter alone is trained. */
export const trainsAdapter = ({ lora, adapter }: Pick<TrainedPart, "lora" | "adapter">): boolean =>
  lora !== undefined || adapter !== undefined;

/**
 * Loads what a run trains, from its start or from a checkpoint, which holds the whole model, or an adapter alone; see
 * `loadForTraining`. An adapter is float32.
 *
 * @throws What `loadForTraining` and `loadAdapter` throw.
 */
export async function loadTrained(
  part: TrainedPart,
  checkpoint: string | undefined,
  options: LoadOptions = {},
): Promise<TrainedModel> {
  const { model: folder, trainable, lora, adapter, seed } = part;
  if (!trainsAdapter(part)) return await loadForTraining(checkpoint ?? folder, { ...options, trainable });
  const base = await loadModel(folder, options);
  const saved = checkpoint ?? adapter;
  const trained = saved === undefined ? createAdapter(base.config, lora!, seed) : await loadAdapter(saved, base.config);
  return { model: withAdapter(base, trained), remainders: {} };
}

/**
 * The frozen policy that a run starts from, as the reference of its loss. That of an adapter's run is the model with the
 * adapter switched off, or with the one that it started from: it shares the weights of `model`, and no second model is loaded.
 *
 * @param model - What `loadTrained` gave for the same part.
 */
export async function loadReference(
  { model: folder, adapter }: TrainedPart,
  { adapted }: Pick<Qwen25VL, "adapted">,
  options: LoadOptions = {},
): Promise<ParkedModel> {
  if (!adapted) return await loadParkedModel(folder, options);
  const { base } = adapted;
  const start = adapter === undefined ? base : withAdapter(base, await loadAdapter(adapter, base.config));
  return { bring: () => ({ ...start, dispose() {} }), dispose: () => dispose(start.adapted?.adapter.parameters ?? []) };
}

/** Elements of a model's weights that training leaves as they are. */
export const frozenSize = ({ parameters }: Pick<Qwen25VL, "parameters">): number =>
  Object.values(parameters).reduce((total, parameter) => total + (isFrozen(parameter) ? parameter.size : 0), 0);

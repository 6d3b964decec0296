// Shapes: B rows, L tokens of a row, V vocabulary, R completions, C their tokens.
import { join } from "node:path";
import { dispose, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { type FloatStorage, isFrozen, linear } from "@videor1/engine";
import type { Adapter } from "./adapter.ts";
import { type Completions, completionLogprobs } from "./completion-logprobs.ts";
import type { ModelConfig } from "./config.ts";
import { generateCompletions } from "./generate.ts";
import type { GenerateOptions, Generation } from "./generate-options.ts";
import { type GenerationConfig, readGenerationConfig, type TurnEnd } from "./generation-config.ts";
import { type Init, initialParameters } from "./init.ts";
import { checkInputs, type ModelInputs } from "./inputs.ts";
import { type LogprobOptions, type Logprobs, sequenceLogprobs } from "./logprobs.ts";
import { createNetwork, type NetworkOptions } from "./network.ts";
import { isOfVision, type Parameters } from "./parameters.ts";
import { readConfig } from "./read-config.ts";
import { readParameters, readSplitParameters } from "./weights.ts";

export interface Qwen25VL {
  readonly config: ModelConfig;
  readonly generationConfig: GenerationConfig;
  /** How the weights are stored. */
  readonly dtype: FloatStorage;
  readonly options: NetworkOptions;
  /** Variables by name (`model.visual.*`, `model.language_model.*`, `lm_head.weight` unless tied), without an adapter's. */
  readonly parameters: Parameters;
  /** What training changes: the parameters that are not frozen, or the A and B of an adapter. */
  readonly trainable: Parameters;
  /** The adapter, and the model that it is switched off in, which shares the weights. */
  readonly adapted: { base: Qwen25VL; adapter: Adapter } | undefined;
  /** Logits [B, L, V] of the next token after each one. */
  forward(inputs: ModelInputs): { logits: Tensor3D };
  /**
   * Per-token log-probabilities. Without `completions`, [B, L-1]: log p(ids[t+1] | ids[..t]) of whole sequences. With
   * them, [R, C]: `inputs` are the LEFT padded prompts, each computed once however many completions it has.
   * Gradients flow to the parameters through `logps`.
   */
  logprobs(inputs: ModelInputs, completions?: Completions, options?: LogprobOptions): Logprobs;
  /** Completes LEFT padded prompts. */
  generate(inputs: ModelInputs, options: GenerateOptions): Promise<Generation>;
  /** Frees the parameters, and those of an adapter. */
  dispose(): void;
}

export interface LoadOptions extends NetworkOptions {
  /** How the weights are stored, and with them activations and key/value caches; bfloat16 on torch alone. Default float32. */
  dtype?: FloatStorage | undefined;
  /** How a turn of the model's chat ends: the end tokens of generation_config.json are then checked and completed by it. */
  turnEnd?: TurnEnd;
}

/**
 * Loads a Hugging Face folder: config.json, generation_config.json if there is one, safetensors. The engine must be started.
 *
 * @throws {ModelConfigError} If config.json is missing, or not a Qwen2.5-VL's; or the end tokens are not the chat's.
 * @throws {WeightsError} If the tensors are not those of the config.
 * @throws {SafetensorsError} If a weight file is damaged.
 */
export async function loadModel(folder: string, options?: LoadOptions): Promise<Qwen25VL> {
  const configs = readConfigs(folder, options?.turnEnd);
  return assemble(configs, readParameters(folder, configs.config, options?.dtype), options);
}

export type ModelConfigs = Pick<Qwen25VL, "config" | "generationConfig">;

/** config.json and generation_config.json of a folder. */
export function readConfigs(folder: string, turnEnd?: TurnEnd): ModelConfigs {
  const config = readConfig(folder);
  return { config, generationConfig: readGenerationConfig(join(folder, "generation_config.json"), config, turnEnd) };
}

export interface LoadForTrainingOptions extends LoadOptions {
  /** "language" freezes the vision tower. Default "all". */
  trainable?: "all" | "language" | undefined;
}

/** The dtype that a folder's config.json names; float32 if it names none. @throws {ModelConfigError} As `loadModel`. */
export function storedDtype(folder: string): FloatStorage {
  const { source } = readConfigs(folder).config;
  const text = source.text_config as Record<string, unknown> | null | undefined;
  const named = [source.torch_dtype, source.dtype, text?.torch_dtype, text?.dtype].find((dtype) => dtype !== undefined);
  return named === "bfloat16" ? "bfloat16" : "float32";
}

/** A model and what of its weights an optimizer needs beside them. */
export interface TrainedModel {
  model: Qwen25VL;
  /**
   * In bfloat16, the 16 bits that each trained weight lacks of float32, by name; see `splitFloat32`. An optimizer updates the
   * two together, so that updates too small for bfloat16 add up. Empty in float32.
   */
  remainders: Parameters;
}

/**
 * Loads a model to train. Float32 weights of the folder are kept whole in bfloat16 too, as weights and remainders; frozen ones
 * are rounded.
 *
 * @throws What `loadModel` throws, and {EngineError} NO_BFLOAT16 where bfloat16 is asked of another backend than torch.
 */
export async function loadForTraining(
  folder: string,
  { trainable = "all", ...options }: LoadForTrainingOptions = {},
): Promise<TrainedModel> {
  const isToFreeze = trainable === "language" ? isOfVision : () => false;
  const configs = readConfigs(folder, options.turnEnd);
  const { parameters, remainders } =
    options.dtype === "bfloat16"
      ? readSplitParameters(folder, configs.config, isToFreeze)
      : { parameters: readParameters(folder, configs.config, options.dtype), remainders: {} };
  const model = assemble(configs, parameters, options);
  freeze(model, isToFreeze);
  return { model, remainders };
}

/** Keeps parameters, by default all, from training: no gradient flows to them, and nothing is kept for one. */
function freeze({ parameters }: Pick<Qwen25VL, "parameters">, isToFreeze: (name: string) => boolean = () => true) {
  for (const [name, parameter] of Object.entries(parameters)) if (isToFreeze(name)) parameter.trainable = false;
}

/**
 * The model with an adapter switched on, whose A and B are what training changes; the model's own weights, which it shares,
 * are frozen.
 */
export function withAdapter(base: Qwen25VL, adapter: Adapter): Qwen25VL {
  freeze(base);
  const { dtype, options } = base;
  return assemble(base, base.parameters, { ...options, dtype }, { base, adapter });
}

/** Creates a model with seeded random weights. The engine must be started. */
export function createModel(config: ModelConfig, init: Init, options?: NetworkOptions): Qwen25VL {
  const configs = { config, generationConfig: readGenerationConfig(null, config) };
  return assemble(configs, initialParameters(config, init), options);
}

/** The model of these parameters, which it frees when it is disposed of. */
export function assemble(
  { config, generationConfig }: ModelConfigs,
  parameters: Parameters,
  { dtype = "float32", turnEnd: _, ...options }: LoadOptions = {},
  adapted?: Qwen25VL["adapted"],
): Qwen25VL {
  const network = createNetwork(config, parameters, options, adapted?.adapter);
  return {
    config,
    generationConfig,
    dtype,
    options,
    parameters,
    get trainable() {
      return adapted?.adapter.parameters ?? trainableOf(parameters);
    },
    adapted,
    forward: (inputs) =>
      tidy(() => ({
        logits: linear(network.encode(checkInputs(inputs, config)).hidden, network.weights.lmHead) as Tensor3D,
      })),
    logprobs(inputs, completions, options) {
      const checked = checkInputs(inputs, config);
      return completions
        ? completionLogprobs(network, checked, completions, options)
        : sequenceLogprobs(network, checked, options);
    },
    generate: async (inputs, options) =>
      generateCompletions(network, checkInputs(inputs, config), options, generationConfig.eosTokenIds),
    dispose: () => dispose([...Object.values(parameters), ...Object.values(adapted?.adapter.parameters ?? {})]),
  };
}

const trainableOf = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, parameter]) => !isFrozen(parameter)));

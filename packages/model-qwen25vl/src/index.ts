export { type Adapter, adapterShapes, targetedModules } from "./adapter.ts";
export { type AdapterConfig, readAdapterConfig } from "./adapter-config.ts";
export { type Completions, completionsOf } from "./completion-logprobs.ts";
export { type ModelConfig, parseConfig, type TextConfig, type VisionConfig } from "./config.ts";
export { createAdapter } from "./create-adapter.ts";
export {
  AdapterError,
  ModelConfigError,
  ModelInputError,
  type ModelInputErrorCode,
  NonFiniteLogitsError,
  WeightsError,
} from "./errors.ts";
export type { GeneratedRow, GenerateOptions, Generation } from "./generate-options.ts";
export type { GenerationConfig, TurnEnd } from "./generation-config.ts";
export type { Init, InitScheme } from "./init.ts";
export type { ModelInputs, Rows } from "./inputs.ts";
export { isIdleAdapter, loadAdapter, warnOfIdleAdapter } from "./load-adapter.ts";
export { frozenSize, loadReference, loadTrained, type TrainedPart, trainsAdapter } from "./load-trained.ts";
export type { LogprobOptions, Logprobs } from "./logprobs.ts";
export { LoraOptions, trainedPartIssue, trainedPartKeys } from "./lora-options.ts";
export { mergeAdapter } from "./merge-adapter.ts";
export {
  assemble,
  createModel,
  type LoadForTrainingOptions,
  type LoadOptions,
  loadForTraining,
  loadModel,
  type Qwen25VL,
  storedDtype,
  type TrainedModel,
  withAdapter,
} from "./model.ts";
export type { NetworkOptions } from "./network.ts";
export { hubName, isOfVision, type Parameters, parameterName, parameterShapes } from "./parameters.ts";
export { loadParkedModel, type ParkedModel } from "./parked-model.ts";
export { type PublishedName, publishedConfig, publishedNames, readOrAssumeConfig } from "./published-configs.ts";
export { readConfig } from "./read-config.ts";
export { type GridThw, type PositionSemantics, type RopeIndex, type RopeIndexInputs, ropeIndex } from "./rope-index.ts";
export type { SamplingOptions } from "./sampling.ts";
export { saveAdapter } from "./save-adapter.ts";
export { type SaveOptions, saveModel } from "./save-model.ts";
export { type VisionGeometry, visionGeometry } from "./vision-geometry.ts";

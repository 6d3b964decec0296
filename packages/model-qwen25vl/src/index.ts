export {
  type ChatTemplate,
  type ChatTemplateOptions,
  type ContentPart,
  createChatTemplate,
  loadChatTemplate,
  type Message,
} from "./chat-template.ts";
export { type Clip, checkClipSize, resizeClip } from "./clip.ts";
export { type Completions, completionsOf } from "./completion-logprobs.ts";
export { type ModelConfig, parseConfig, type TextConfig, type VisionConfig } from "./config.ts";
export { copyProcessor } from "./copy-processor.ts";
export {
  ConfigError,
  ModelInputError,
  type ModelInputErrorCode,
  NonFiniteLogitsError,
  WeightsError,
} from "./errors.ts";
export type { GenerateOptions, Generation } from "./generate.ts";
export type { GenerationConfig } from "./generation-config.ts";
export type { Init, InitScheme } from "./init.ts";
export type { ModelInputs } from "./inputs.ts";
export type { LogprobOptions, Logprobs } from "./logprobs.ts";
export { createModel, type LoadOptions, loadForTraining, loadModel, type Qwen25VL } from "./model.ts";
export type { NetworkOptions } from "./network.ts";
export { hubName, type Parameters, parameterName, parameterShapes } from "./parameters.ts";
export { type Grid, type PatchOptions, patchGrid, patchLength, writePatches } from "./patches.ts";
export {
  createProcessor,
  loadProcessor,
  type ProcessedInputs,
  type Processor,
  type ProcessorOptions,
  type ProcessorParts,
} from "./processor.ts";
export { loadProcessorConfig, type PixelOptions, type ProcessorConfig, parsePixelOptions } from "./processor-config.ts";
export { ImageSizeError, MediaCountError, ProcessorFileError, UnknownTokenError } from "./processor-errors.ts";
export { type ResizeVariant, resizeBicubic } from "./resize.ts";
export { type GridThw, type PositionSemantics, type RopeIndex, type RopeIndexInputs, ropeIndex } from "./rope-index.ts";
export type { Rows } from "./rows.ts";
export type { SamplingOptions } from "./sampling.ts";
export { type SaveOptions, saveModel } from "./save-model.ts";
export { type ResizeRules, roundHalfEven, type Size, type SmartResizeOptions, smartResize } from "./smart-resize.ts";
export { toTensors } from "./to-tensors.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";
export { type VisionGeometry, visionGeometry } from "./vision-geometry.ts";

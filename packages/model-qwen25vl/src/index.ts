export {
  type ChatTemplate,
  type ChatTemplateOptions,
  type ContentPart,
  createChatTemplate,
  loadChatTemplate,
  type Message,
} from "./chat-template.ts";
export { type Clip, resizeClip } from "./clip.ts";
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
export type { Rows } from "./rows.ts";
export { type ResizeRules, roundHalfEven, type Size, type SmartResizeOptions, smartResize } from "./smart-resize.ts";
export { toTensors } from "./to-tensors.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";

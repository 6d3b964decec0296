export type { Message } from "./chat-template.ts";
export {
  type ChatTemplate,
  type ChatTemplateOptions,
  type ContentPart,
  createChatTemplate,
  loadChatTemplate,
} from "./chat-template.ts";
export { type Clip, checkClipSize, resizeClip } from "./clip.ts";
export { copyProcessor } from "./copy-processor.ts";
export {
  createProcessor,
  loadProcessor,
  type ProcessedInputs,
  type Processor,
  type ProcessorOptions,
  type ProcessorParts,
} from "./processor.ts";
export { loadProcessorConfig, type PixelOptions, type ProcessorConfig, parsePixelOptions } from "./processor-config.ts";
export {
  ImageSizeError,
  MediaCountError,
  ProcessorFileError,
  sizeFailureCodes,
  UnknownTokenError,
} from "./processor-errors.ts";
export type { Rows } from "./rows.ts";
export { type ResizeRules, type Size, type SmartResizeOptions, smartResize } from "./smart-resize.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";

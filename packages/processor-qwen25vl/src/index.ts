export { type AssistantTurn, answerTags, assistantTurn, checkTags } from "./assistant-turn.ts";
export type { BatchOptions } from "./batch-rows.ts";
export type { Message } from "./chat-template.ts";
export {
  type ChatTemplate,
  type ChatTemplateOptions,
  type ContentPart,
  createChatTemplate,
  loadChatTemplate,
} from "./chat-template.ts";
export { checkMessages } from "./check-messages.ts";
export type { Clip, CutPatches } from "./clip.ts";
export { copyProcessor } from "./copy-processor.ts";
export { cutClip, cutPermuted } from "./cut-clip.ts";
export { loadInputCheck } from "./load-input-check.ts";
export { loadProcessor } from "./load-processor.ts";
export type { RowOptions } from "./process-row.ts";
export type { ProcessedInputs, ProcessedMedia, ProcessedRow } from "./processed.ts";
export { createProcessor, type Processor, type ProcessorOptions } from "./processor.ts";
export { loadProcessorConfig, type PixelOptions, type ProcessorConfig, parsePixelOptions } from "./processor-config.ts";
export {
  ImageSizeError,
  inputFailureCodes,
  MediaCountError,
  ProcessorFileError,
  SpecialTokenError,
  UnknownTokenError,
} from "./processor-errors.ts";
export type { ProcessorParts } from "./processor-parts.ts";
export { checkClipSize, resizeClip } from "./resize-clip.ts";
export type { Rows } from "./rows.ts";
export { type ResizeRules, type Size, type SmartResizeOptions, smartResize } from "./smart-resize.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./tokenizer.ts";

export {
  DatasetError,
  DecodeError,
  EncodeError,
  MediaNotFoundError,
  RecordError,
  type RecordPlace,
  VideoBackendError,
} from "./errors.ts";
export {
  type Batch,
  createLoader,
  type FailedExample,
  type LoadedExample,
  type LoaderOptions,
  type LoaderState,
} from "./loader.ts";
export type { Clip } from "./media/clip.ts";
export { resolveMedia } from "./media/resolve.ts";
export {
  frameIndices,
  frameMaxPixels,
  type PixelLimits,
  type SampleOptions,
  smartNframes,
} from "./media/sample-frames.ts";
export {
  assistantText,
  type ContentItem,
  type Message,
  messages,
  type PromptOptions,
  type Stage,
  type Template,
  userText,
} from "./prompt.ts";
export { type FoundRecord, readExamples, readRecords } from "./read.ts";
export { type Example, parseRecord } from "./schema.ts";
export { epochOrder } from "./shuffle.ts";

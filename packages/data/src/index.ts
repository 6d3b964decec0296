export {
  DatasetError,
  DecodeError,
  EncodeError,
  MediaNotFoundError,
  mediaFailureCodes,
  PreparedError,
  RecordError,
  type RecordPlace,
  VideoBackendError,
} from "./errors.ts";
export { LeakError, readHeldBack } from "./held-back.ts";
export {
  type Batch,
  createLoader,
  type ExampleSource,
  type FailedExample,
  type LoadedExample,
  type LoaderOptions,
  type LoaderState,
  loadInOrder,
} from "./loader.ts";
export type { VideoBackend } from "./media/backend.ts";
export type { Clip } from "./media/clip.ts";
export { type ClipLoaderOptions, clipLoader } from "./media/clip-loader.ts";
export { type ClipRequest, clipRequests, requestKey } from "./media/clip-request.ts";
export { type DecodeFramesOptions, decodeFrames } from "./media/decode-frames.ts";
export { decodeImage } from "./media/decode-image.ts";
export { type DecodeVideoOptions, decodeVideo, type VideoClip } from "./media/decode-video.ts";
export { type EncodeVideoOptions, encodeVideo } from "./media/encode-video.ts";
export { type LoadClipOptions, type LoadedClip, loadClip, loadClips } from "./media/load-clips.ts";
export { loadVideo } from "./media/load-video.ts";
export { contentHash, type FileStamp, fileHash, fileStamps, mediaFiles } from "./media/media-content.ts";
export { MediaItem } from "./media/media-item.ts";
export { permuteFrames, permuteVideos } from "./media/permute-frames.ts";
export { resolveMedia, resolveVideo } from "./media/resolve.ts";
export {
  frameIndices,
  frameMaxPixels,
  type PixelLimits,
  type SampleOptions,
  smartNframes,
} from "./media/sample-frames.ts";
export { naturalOrder } from "./natural-order.ts";
export { type OpenRecords, openRecords } from "./open-records.ts";
export { DataOptions, DecoderOptions, MediaOptions, PromptStyle } from "./options.ts";
export { isParquet, type ParquetOptions, type ParquetRow, parquetRowGroups, parquetShape } from "./parquet-rows.ts";
export { openPrepared, type PreparedFrames } from "./prepared/open-prepared.ts";
export { checkPrepared } from "./prepared/prepared-clip.ts";
export { type IndexLine, type PreparedEntry, preparedFiles } from "./prepared/prepared-entry.ts";
export { contentKey, preparedKey } from "./prepared/prepared-key.ts";
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
export { type FoundRecord, type ReadOptions, readExamples, readRecords } from "./read.ts";
export { readLines } from "./read-lines.ts";
export { type Example, mediaOf, parseRecord } from "./schema.ts";
export {
  type Claim,
  type LoaderPeers,
  RecordsDifferError,
  type SharedLoaderOptions,
  sharedLoader,
  shareInOrder,
} from "./shared-loader.ts";

export { readApiKey } from "./api-key.ts";
export { type BatchAnswer, batchLine, readBatchOutput } from "./batch-file.ts";
export { type ChatMessage, type ChatRequest, type ChatRequestOptions, chatRequest } from "./chat-request.ts";
export { type CheckDialectOptions, checkDialect } from "./check-dialect.ts";
export { type CheckServerOptions, checkServer, type ServerFacts } from "./check-server.ts";
export { type CompletionLogpsOptions, checkCompletionLogps, completionLogps } from "./completion-logps.ts";
export { encodeFrames, type FrameFormat } from "./encode-frames.ts";
export type { ChatPart, ServedClip } from "./media-parts.ts";
export { isFatalForAll, type OpenedServers, openServers } from "./open-servers.ts";
export { outputOf } from "./output-of.ts";
export type { ServedCompletion, ServedReply } from "./read-reply.ts";
export type { Dialect, SamplingSettings } from "./sampling.ts";
export {
  createServedModel,
  type RequestSource,
  type ServedAnswer,
  type ServedModel,
  type ServedModelOptions,
} from "./served-model.ts";
export { ServedModelError, type ServedModelErrorCode } from "./served-model-error.ts";
export { type ServerControl, type ServerControlOptions, serverControl } from "./server-control.ts";
export { ServerOptions } from "./server-options.ts";
export { createSlots, type Slots } from "./slots.ts";

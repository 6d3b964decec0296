import { checkMessages, MediaCountError, type Message, resizeClip } from "@videor1/processor-qwen25vl";
import type { FrameFormat } from "./encode-frames.ts";
import { mediaFields } from "./media-fields.ts";
import { type ChatPart, framesAsImages, imagePart, type ServedClip, videoPart } from "./media-parts.ts";
import { type Dialect, type SamplingSettings, samplingFields } from "./sampling.ts";

/** A turn, as a server takes it. */
export interface ChatMessage {
  role: string;
  content: string | ChatPart[];
}

/** The body of `POST /v1/chat/completions`; fields that are not named here depend on the server. */
export interface ChatRequest {
  model?: string;
  messages: ChatMessage[];
  n?: number;
  [field: string]: unknown;
}

export interface ChatRequestOptions {
  /** The name that the server has for the model, or for an adapter. Default: none, `createServedModel` adds its own. */
  model?: string;
  messages: readonly Message[];
  /** What the image and video parts of the messages stand for, in order, images and videos counted apart. */
  clips?: readonly ServedClip[];
  sampling: SamplingSettings;
  /** Default `vllm`. */
  dialect?: Dialect;
  /** `video`: a part of its own, as vLLM takes it; `frames`: images with their times as text. Default: video for vllm, frames for openai. */
  videoAs?: "video" | "frames";
  /** Default `png`. */
  format?: FrameFormat;
  /** Bounds of height x width of a frame that is not resized yet and has none of its own. Default: those of Qwen2.5-VL's folder. */
  minPixels?: number;
  maxPixels?: number;
  /** Fields of the server's own, over ours: `{ logit_bias: … }`; undefined takes one of ours out. */
  fields?: Readonly<Record<string, unknown>>;
}

/** Qwen2.5-VL's patches: every side of a frame is a multiple of 28. */
const patches = { patchSize: 14, mergeSize: 2 };

/**
 * Messages and their clips -> the JSON body of a chat request. Clips are resized here, as our own processor does it, so that
 * the pixels are the same wherever the model runs; clips that `resizeClip` or a processor has resized go as they are.
 *
 * @throws {MediaCountError} If parts and clips differ in number.
 * @throws {SpecialTokenError} If a text for vLLM holds a token of the chat's structure, which it would read as one.
 * @throws {ImageSizeError} As `resizeClip`.
 * @throws {RangeError} If the settings exclude each other: see `samplingFields`, `mediaFields`.
 * @see vllm-project/vllm v0.32.0: `video_url` parts, `mm_processor_kwargs`, `media_io_kwargs`, `uuid`
 */
export async function chatRequest(options: ChatRequestOptions): Promise<ChatRequest> {
  const { model, messages, clips = [], sampling, dialect = "vllm", format = "png", fields } = options;
  const {
    videoAs = dialect === "vllm" ? "video" : "frames",
    minPixels = 56 * 56,
    maxPixels = 28 * 28 * 16384,
  } = options;
  if (dialect === "vllm") checkMessages(messages);
  checkCounts(messages, clips);
  const resized = clips.map((clip) => resizeClip(clip, { ...patches, minPixels, maxPixels }));
  const waiting = { image: resized.filter(isOf("image")), video: resized.filter(isOf("video")) };

  async function partsOf(kind: "image" | "video", clip: ServedClip): Promise<ChatPart[]> {
    if (kind === "image") return [await imagePart(clip, format, dialect === "vllm")];
    return videoAs === "video" ? [await videoPart(clip, format)] : await framesAsImages(clip, format);
  }
  async function turnOf({ role, content }: Message): Promise<ChatMessage> {
    if (typeof content === "string") return { role, content };
    const parts = content.map(
      async (part): Promise<ChatPart[]> =>
        part.type === "text" ? [{ ...part }] : partsOf(part.type, waiting[part.type].shift()!),
    );
    return { role, content: (await Promise.all(parts)).flat() };
  }
  return {
    ...(model !== undefined && { model }),
    messages: await Promise.all(messages.map(turnOf)),
    ...samplingFields(sampling, dialect),
    ...(dialect === "vllm" && mediaFields(resized, videoAs)),
    ...fields,
  };
}

const isOf =
  (kind: "image" | "video") =>
  (clip: ServedClip): boolean =>
    clip.kind === kind;

function checkCounts(messages: readonly Message[], clips: readonly ServedClip[]): void {
  const parts = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  for (const kind of ["image", "video"] as const) {
    const placeholders = parts.filter(({ type }) => type === kind).length;
    const given = clips.filter(isOf(kind)).length;
    if (placeholders !== given)
      throw new MediaCountError({ conversation: undefined, kind, placeholders, clips: given });
  }
}

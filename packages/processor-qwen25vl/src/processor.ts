// Shape suffixes: B conversations, L tokens, N patches, P floats of a patch, k images or videos.
import { join } from "node:path";
import { type ChatTemplate, type ChatTemplateOptions, loadChatTemplate, type Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { prepareMedia } from "./media.ts";
import { type PaddingSide, padRows } from "./pad.ts";
import { loadProcessorConfig, type ProcessorConfig } from "./processor-config.ts";
import { MediaCountError, ProcessorFileError } from "./processor-errors.ts";
import type { Rows } from "./rows.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";

/** What the model reads, as plain arrays; `toTensors` makes its tensors. */
export interface ProcessedInputs {
  /** The rendered conversations, one placeholder per image or video. */
  texts: string[];
  /** [B,L] */
  inputIds: Rows<Int32Array>;
  /** [B,L] 0 at padding. */
  attentionMask: Rows<Int32Array>;
  /** [B,L] 0 text, 1 image, 2 video. */
  mmTokenTypeIds: Rows<Int32Array>;
  /** [N,P] patches of all images and [k,3] their grids; absent without images. */
  pixelValues?: Rows<Float32Array>;
  imageGridThw?: Rows<Int32Array>;
  /** [N,P] patches of all videos, [k,3] their grids, [k] seconds per frame pair; absent without videos. */
  pixelValuesVideos?: Rows<Float32Array>;
  videoGridThw?: Rows<Int32Array>;
  secondPerGridTs?: Float32Array;
}

export interface ProcessorOptions extends ChatTemplateOptions {
  /** Where short rows are filled up: "left" for generation (default), "right" for whole conversations. */
  paddingSide?: PaddingSide;
  /** Frames per second of a video without `fps`. Default 2, the rate at which qwen-vl-utils samples. */
  defaultFps?: number;
}

/** Conversations and their clips (one list per conversation, in order) -> model inputs. */
export interface Processor {
  (
    messages: readonly (readonly Message[])[],
    clips?: readonly (readonly Clip[])[],
    options?: ProcessorOptions,
  ): ProcessedInputs;
  readonly tokenizer: Tokenizer;
  readonly chatTemplate: ChatTemplate;
  readonly config: ProcessorConfig;
}

export interface ProcessorParts {
  tokenizer: Tokenizer;
  chatTemplate: ChatTemplate;
  config: ProcessorConfig;
  imageTokenId: number;
  videoTokenId: number;
  padTokenId: number;
}

/**
 * Joins the parts of a processor. A conversation is rendered and tokenized, and each of its placeholders repeated
 * t h w / mergeSize^2 times for the grid of its clip, images and videos counted separately; clips are resized once and cut
 * into patches; secondPerGridTs = temporalPatchSize / fps.
 *
 * @throws {MediaCountError} From the processor, if a conversation's placeholders and clips differ in number.
 * @throws {ImageSizeError} From the processor, if a clip has too extreme a shape.
 * @see huggingface/transformers v5.12.1 processing_qwen2_5_vl.py
 */
export function createProcessor(parts: ProcessorParts): Processor {
  const { tokenizer, chatTemplate, config, imageTokenId, videoTokenId, padTokenId } = parts;

  function process(
    messages: readonly (readonly Message[])[],
    clips: readonly (readonly Clip[])[] = messages.map(() => []),
    { paddingSide = "left", defaultFps = 2, ...templateOptions }: ProcessorOptions = {},
  ): ProcessedInputs {
    if (clips.length !== messages.length) {
      throw new RangeError(`processor: ${messages.length} conversations but ${clips.length} lists of clips`);
    }
    const texts = messages.map((turns) => chatTemplate(turns, templateOptions));
    const image = prepareMedia("image", clips, config.image);
    const video = prepareMedia("video", clips, config.video);
    const rows = texts.map((text, conversation) => {
      const ids = tokenizer.encode(text);
      const withImages = expandPlaceholders(
        ids,
        imageTokenId,
        image?.tokens[conversation] ?? [],
        "image",
        conversation,
      );
      return expandPlaceholders(withImages, videoTokenId, video?.tokens[conversation] ?? [], "video", conversation);
    });
    const { inputIds, attentionMask } = padRows(rows, padTokenId, paddingSide);
    const typeOf = (id: number): number => (id === imageTokenId ? 1 : id === videoTokenId ? 2 : 0);
    const videos = clips.flat().filter((clip) => clip.kind === "video");
    return {
      texts,
      inputIds,
      attentionMask,
      mmTokenTypeIds: { data: inputIds.data.map(typeOf), shape: inputIds.shape },
      ...(image ? { pixelValues: image.patches, imageGridThw: image.grids } : {}),
      ...(video ? { pixelValuesVideos: video.patches, videoGridThw: video.grids } : {}),
      ...(video
        ? { secondPerGridTs: Float32Array.from(videos, ({ fps = defaultFps }) => config.video.temporalPatchSize / fps) }
        : {}),
    };
  }
  return Object.assign(process, { tokenizer, chatTemplate, config });
}

/** `ids` with the i-th placeholder repeated `tokens[i]` times. */
function expandPlaceholders(
  ids: readonly number[],
  placeholderId: number,
  tokens: readonly number[],
  kind: Clip["kind"],
  conversation: number,
): number[] {
  const placeholders = ids.filter((id) => id === placeholderId).length;
  if (placeholders !== tokens.length) {
    throw new MediaCountError({ conversation, kind, placeholders, clips: tokens.length });
  }
  let next = 0;
  return ids.flatMap((id) => (id === placeholderId ? new Array<number>(tokens[next++]!).fill(id) : id));
}

/**
 * Reads the processor of a model's folder: tokenizer.json, tokenizer_config.json, the chat template, and the pixel settings
 * of preprocessor_config.json, video_preprocessor_config.json or processor_config.json.
 *
 * @throws {ProcessorFileError} If a file is missing, malformed or asks for what is not supported.
 */
export async function loadProcessor(folder: string): Promise<Processor> {
  const [tokenizer, chatTemplate, config] = await Promise.all([
    loadTokenizer(folder),
    loadChatTemplate(folder),
    loadProcessorConfig(folder),
  ]);
  const idOf = (token: string): number => {
    const id = tokenizer.tokenId(token);
    if (id !== undefined) return id;
    const hint = "Take the tokenizer of a Qwen2.5-VL checkpoint; the text-only models' lack it.";
    throw new ProcessorFileError({ path: join(folder, "tokenizer.json"), problem: `has no token ${token}`, hint });
  };
  return createProcessor({
    tokenizer,
    chatTemplate,
    config,
    imageTokenId: idOf("<|image_pad|>"),
    videoTokenId: idOf("<|video_pad|>"),
    padTokenId: tokenizer.padTokenId ?? idOf("<|endoftext|>"),
  });
}

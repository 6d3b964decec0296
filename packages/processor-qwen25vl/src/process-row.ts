import type { ChatTemplateOptions, Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { prepareMedia } from "./media.ts";
import type { ProcessedRow } from "./processed.ts";
import { MediaCountError } from "./processor-errors.ts";
import type { ProcessorParts } from "./processor-parts.ts";

export interface RowOptions extends ChatTemplateOptions {
  /** Frames per second of a video without `fps`. Default 2, the rate at which qwen-vl-utils samples. */
  defaultFps?: number;
  /** Text after the rendered conversation: the beginning of the answer, which generation goes on from. */
  answerPrefix?: string | undefined;
}

/**
 * Processes one conversation and its clips, in order of their parts: renders and tokenizes the text, repeats each
 * placeholder t h w / mergeSize^2 times for the grid of its clip (images and videos counted separately), and cuts the clips
 * into patches; secondPerGridTs = temporalPatchSize / fps.
 *
 * @param conversation - The number of the conversation in its batch, for the error.
 * @throws {MediaCountError} If placeholders and clips differ in number.
 * @throws {ImageSizeError} If a clip has too extreme a shape.
 * @see huggingface/transformers v5.12.1 processing_qwen2_5_vl.py
 */
export function processRow(
  { tokenizer, chatTemplate, config, imageTokenId, videoTokenId }: ProcessorParts,
  messages: readonly Message[],
  clips: readonly Clip[],
  { defaultFps = 2, answerPrefix = "", ...templateOptions }: RowOptions,
  conversation?: number,
): ProcessedRow {
  const text = chatTemplate(messages, templateOptions) + answerPrefix;
  const images = clips.filter(({ kind }) => kind === "image");
  const videos = clips.filter(({ kind }) => kind === "video");
  const ids = tokenizer.encode(text);
  checkCount(ids, imageTokenId, images, "image", conversation);
  checkCount(ids, videoTokenId, videos, "video", conversation);
  const image = prepareMedia(images, config.image);
  const video = prepareMedia(videos, config.video);
  const row: ProcessedRow = {
    text,
    inputIds: expandPlaceholders(ids, [
      { id: imageTokenId, tokens: image?.tokens ?? [] },
      { id: videoTokenId, tokens: video?.tokens ?? [] },
    ]),
  };
  if (image) {
    row.pixelValues = image.patches;
    row.imageGridThw = image.grids;
  }
  if (video) {
    row.pixelValuesVideos = video.patches;
    row.videoGridThw = video.grids;
    row.secondPerGridTs = Float32Array.from(videos, ({ fps = defaultFps }) => config.video.temporalPatchSize / fps);
  }
  return row;
}

function checkCount(
  ids: readonly number[],
  placeholderId: number,
  clips: readonly Clip[],
  kind: Clip["kind"],
  conversation: number | undefined,
): void {
  const placeholders = ids.filter((id) => id === placeholderId).length;
  if (placeholders !== clips.length)
    throw new MediaCountError({ conversation, kind, placeholders, clips: clips.length });
}

/** `ids` with the i-th placeholder of a kind repeated `tokens[i]` times: [7 P 8] with tokens [3] is [7 P P P 8]. */
function expandPlaceholders(ids: readonly number[], kinds: readonly { id: number; tokens: number[] }[]): Int32Array {
  const expanded: number[] = [];
  const seen = kinds.map(() => 0);
  for (const id of ids) {
    const kind = kinds.findIndex((placeholder) => placeholder.id === id);
    if (kind < 0) {
      expanded.push(id);
      continue;
    }
    const clip = seen[kind]!;
    for (let i = 0; i < kinds[kind]!.tokens[clip]!; i++) expanded.push(id);
    seen[kind] = clip + 1;
  }
  return Int32Array.from(expanded);
}

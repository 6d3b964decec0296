import type { ContentItem, MediaItem, Message } from "@videor1/data";
import type { BenchmarkItem } from "../item.ts";
import type { Subtitle } from "./subtitles.ts";

/** Whose words a question is put in. A benchmark may have more, as `official-direct`; one without the prompt has none of it. */
export const promptNames = ["video-r1", "official", "lmms-eval", "vlmevalkit"] as const;
export type PromptName = (typeof promptNames)[number] | `${(typeof promptNames)[number]}-${string}`;

/** What a prompt needs of how the item's video is shown. */
export interface PromptContext {
  /** Seconds of the frames that are shown, for those that choose subtitles by them. */
  frameSeconds?: readonly number[];
  /** The subtitles of the video; null: asked for, but the video has none. Absent: not asked for. */
  subtitles?: readonly Subtitle[] | null;
}

/** A question as it is asked. */
export interface RenderedPrompt {
  messages: Message[];
  /** Of the parts that are images and videos, in their order. */
  media: readonly MediaItem[];
  /** The beginning of the answer, which generation goes on from: `Best option:(`. */
  answerPrefix?: string;
  /** The image parts are the frames of the one video, in their order. */
  imagesAreFrames?: true;
}

/** How a harness generates with a prompt, as far as it says; temperature 0 is greedy. */
export interface GenerationDefaults {
  maxNewTokens?: number;
  temperature?: number;
  topP?: number;
  seed?: number;
}

export interface BenchmarkPrompt {
  /** What it shows, where that is not the item's media. */
  media?: (item: BenchmarkItem) => readonly MediaItem[];
  /** @param item - with the media that the prompt shows. */
  render: (item: BenchmarkItem, context: PromptContext) => RenderedPrompt;
  generation: GenerationDefaults;
}

/** A benchmark's prompts by name; `video-r1`, which all share, is not among them. */
export type BenchmarkPrompts = Readonly<Partial<Record<PromptName, BenchmarkPrompt>>>;

export const text = (value: string): ContentItem => ({ type: "text", text: value });

/** One user turn: the item's media, then each text as a part. */
export const afterMedia = ({ media }: BenchmarkItem, ...texts: readonly string[]): RenderedPrompt => ({
  messages: [{ role: "user", content: [...media.map(({ kind }) => ({ type: kind })), ...texts.map(text)] }],
  media,
});

/** One user turn of these parts. */
export const userTurn = (content: ContentItem[], media: readonly MediaItem[]): RenderedPrompt => ({
  messages: [{ role: "user", content }],
  media,
});

/** The record that an item was made of; its fields were checked when it was read. */
export function officialRecord<R>(item: BenchmarkItem): R {
  if (item.extra === undefined) throw new PromptError(item);
  return item.extra as R;
}

/** A prompt needs the official record, and the item was read from Video-R1's file. */
export class PromptError extends Error {
  override readonly name = "PromptError";
  readonly code = "PROMPT_NEEDS_OFFICIAL_RECORD";
  readonly itemId: string;
  readonly hint = "Read the benchmark from its official files, or ask with the prompt video-r1.";

  constructor({ benchmark, id }: BenchmarkItem) {
    super(`${benchmark}: item ${id} holds no official record, which every prompt but video-r1 is made of`);
    this.itemId = id;
  }
}

export const greedy = (maxNewTokens: number): GenerationDefaults => ({ maxNewTokens, temperature: 0 });

import { type BatchOptions, batchRows } from "./batch-rows.ts";
import type { ChatTemplate, Message } from "./chat-template.ts";
import type { Clip } from "./clip.ts";
import { processRow, type RowOptions } from "./process-row.ts";
import type { ProcessedInputs, ProcessedRow } from "./processed.ts";
import type { ProcessorConfig } from "./processor-config.ts";
import type { ProcessorParts } from "./processor-parts.ts";
import { resizeClip } from "./resize-clip.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface ProcessorOptions extends RowOptions, BatchOptions {}

/**
 * Conversations and their clips -> model inputs. A caller that reads the same conversation several times, or its frames in
 * several orders, does the costly half once:
 *
 *     const clip = processor.resize(decoded);
 *     const ordered = processor.row(messages, [clip], { addGenerationPrompt: true });
 *     const permuted = processor.row(messages, [permuteFrames(clip, order)], { addGenerationPrompt: true });
 *     const inputs = processor.batch([ordered, permuted]);
 */
export interface Processor {
  /** Processes a batch of conversations; `clips` has one list per conversation, in order of the parts. */
  (
    messages: readonly (readonly Message[])[],
    clips?: readonly (readonly Clip[])[],
    options?: ProcessorOptions,
  ): ProcessedInputs;
  /** Resizes a clip to its smart-resized size; a resized clip is returned as it is. See `resizeClip`. */
  resize<T extends Clip>(clip: T): T;
  /** Processes one conversation: ids, patches, grids. See `processRow`. */
  row(messages: readonly Message[], clips?: readonly Clip[], options?: RowOptions): ProcessedRow;
  /** Pads and joins processed conversations. See `batchRows`. */
  batch(rows: readonly ProcessedRow[], options?: BatchOptions): ProcessedInputs;
  readonly tokenizer: Tokenizer;
  readonly chatTemplate: ChatTemplate;
  readonly config: ProcessorConfig;
}

/**
 * Joins the parts of a processor.
 *
 * @throws {MediaCountError} From the processor, if a conversation's placeholders and clips differ in number.
 * @throws {ImageSizeError} From the processor, if a clip has too extreme a shape.
 */
export function createProcessor(parts: ProcessorParts): Processor {
  const { tokenizer, chatTemplate, config } = parts;

  function process(
    messages: readonly (readonly Message[])[],
    clips: readonly (readonly Clip[])[] = messages.map(() => []),
    { paddingSide = "left", ...options }: ProcessorOptions = {},
  ): ProcessedInputs {
    if (clips.length !== messages.length) {
      throw new RangeError(`processor: ${messages.length} conversations but ${clips.length} lists of clips`);
    }
    const rows = messages.map((turns, i) => processRow(parts, turns, clips[i]!, options, i));
    return batchRows(parts, rows, { paddingSide });
  }

  return Object.assign(process, {
    resize: <T extends Clip>(clip: T): T => resizeClip(clip, config[clip.kind]),
    row: (messages: readonly Message[], clips: readonly Clip[] = [], options: RowOptions = {}) =>
      processRow(parts, messages, clips, options),
    batch: (rows: readonly ProcessedRow[], options?: BatchOptions) => batchRows(parts, rows, options),
    tokenizer,
    chatTemplate,
    config,
  });
}

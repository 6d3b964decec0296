// Shapes: B rows, L tokens of a row, P patches, k images or videos.
import type { ModelConfig } from "./config.ts";
import { ModelInputError } from "./errors.ts";
import type { GridThw } from "./rope-index.ts";

/** Numbers of a matrix, row by row. */
export interface Rows<T extends Int32Array | Float32Array> {
  data: T;
  shape: readonly [rows: number, columns: number];
}

/**
 * A batch of token rows with the images and videos that their placeholder tokens stand for, in order of appearance: plain
 * arrays, such as processor-qwen25vl returns.
 */
export interface ModelInputs {
  /** [B, L] */
  inputIds: Rows<Int32Array>;
  /** [B, L]; 0 marks padding. Absent: no padding. */
  attentionMask?: Rows<Int32Array>;
  /** [P, channels * temporalPatchSize * patchSize^2] patches of all images. */
  pixelValues?: Rows<Float32Array>;
  /** [k, 3] patches of each image: frame pairs, rows, columns. */
  imageGridThw?: Rows<Int32Array>;
  /** As pixelValues, for all videos. */
  pixelValuesVideos?: Rows<Float32Array>;
  /** As imageGridThw, for all videos. */
  videoGridThw?: Rows<Int32Array>;
  /** [k] seconds between the frame pairs of each video. Absent: 1. */
  secondPerGridTs?: Float32Array;
}

export interface VisionInputs {
  pixels: Rows<Float32Array>;
  grids: GridThw[];
}

/** `ModelInputs` that agree with one another and with the model. */
export interface CheckedInputs {
  batch: number;
  length: number;
  /** [B, L] */
  inputIds: Int32Array;
  /** [B, L] */
  attentionMask: Int32Array;
  /** Some token is masked. */
  padded: boolean;
  images: VisionInputs | null;
  videos: VisionInputs | null;
  secondPerGridTs: Float32Array | null;
}

/** @throws {ModelInputError} SHAPE, TOKEN_RANGE, or VISION_MISMATCH if pixels and grids do not belong together. */
export function checkInputs(inputs: ModelInputs, config: ModelConfig): CheckedInputs {
  for (const name of matrices) checkSize(name, inputs[name]);
  const [batch, length] = inputs.inputIds.shape;
  const inputIds = inputs.inputIds.data;
  const mask = inputs.attentionMask;
  if (!batch || !length)
    throw new ModelInputError("SHAPE", `inputIds [${[batch, length]}] is empty`, "Give at least one token.");
  if (mask && String(mask.shape) !== String([batch, length])) {
    const what = `attentionMask [${mask.shape}] and inputIds [${[batch, length]}] differ in shape`;
    throw new ModelInputError("SHAPE", what, "Give one mask value per token.");
  }
  checkTokenIds(inputIds, config);
  const attentionMask = mask ? mask.data : new Int32Array(batch * length).fill(1);
  const videos = checkVision("video", inputs.pixelValuesVideos, inputs.videoGridThw, config);
  const seconds = inputs.secondPerGridTs;
  if (seconds && seconds.length !== (videos?.grids.length ?? 0)) {
    const what = `secondPerGridTs [${seconds.length}] for ${videos?.grids.length ?? 0} videos`;
    throw new ModelInputError("SHAPE", what, "Give one value per video, or none.");
  }
  return {
    batch,
    length,
    inputIds,
    attentionMask,
    padded: attentionMask.includes(0),
    images: checkVision("image", inputs.pixelValues, inputs.imageGridThw, config),
    videos,
    secondPerGridTs: seconds ?? null,
  };
}

const matrices = [
  "inputIds",
  "attentionMask",
  "pixelValues",
  "imageGridThw",
  "pixelValuesVideos",
  "videoGridThw",
] as const;

function checkSize(name: string, rows: Rows<Int32Array | Float32Array> | undefined): void {
  if (!rows || rows.data.length === rows.shape[0] * rows.shape[1]) return;
  const what = `${name} has ${rows.data.length} numbers where its shape [${rows.shape}] needs ${rows.shape[0] * rows.shape[1]}`;
  const hint = rows.data.length === 0 ? "Were its arrays transferred to another thread?" : "Give rows times columns.";
  throw new ModelInputError("SHAPE", what, hint, { name });
}

/** @throws {ModelInputError} TOKEN_RANGE if an id is outside the vocabulary. */
export function checkTokenIds(ids: Int32Array, config: ModelConfig): void {
  const { vocabSize } = config.text;
  const index = ids.findIndex((id) => id < 0 || id >= vocabSize);
  if (index < 0) return;
  const what = `Token id ${ids[index]} at index ${index} is not in [0, ${vocabSize})`;
  throw new ModelInputError("TOKEN_RANGE", what, "Use the tokenizer of this checkpoint.", { id: ids[index], index });
}

function checkVision(
  kind: "image" | "video",
  pixels: Rows<Float32Array> | undefined,
  grid: Rows<Int32Array> | undefined,
  config: ModelConfig,
): VisionInputs | null {
  if (!pixels && !grid) return null;
  if (!pixels || !grid) {
    const what = `The batch has ${kind} ${pixels ? "pixels but no grids" : "grids but no pixels"}`;
    throw new ModelInputError("VISION_MISMATCH", what, "Give both, or neither.", { kind });
  }
  const grids = Array.from(
    { length: grid.shape[0] },
    (_, i): GridThw => [grid.data[3 * i]!, grid.data[3 * i + 1]!, grid.data[3 * i + 2]!],
  );
  const patches = grids.reduce((sum, [t, h, w]) => sum + t * h * w, 0);
  const { inChannels, temporalPatchSize, patchSize } = config.vision;
  const patchValues = inChannels * temporalPatchSize * patchSize ** 2;
  if (grid.shape[1] !== 3 || pixels.shape[0] !== patches || pixels.shape[1] !== patchValues) {
    const what = `${kind} pixels [${pixels.shape}] do not fit the grids [${grids.map((g) => `[${g}]`)}], which need [${[patches, patchValues]}]`;
    throw new ModelInputError("VISION_MISMATCH", what, "Take pixels and grids from the same processor call.", { kind });
  }
  return grids.length ? { pixels, grids } : null;
}

/** @throws {ModelInputError} NO_PROMPT if some row does not end in a token. */
export function checkLeftPadded({ batch, length, attentionMask }: CheckedInputs): void {
  for (let b = 0; b < batch; b++) {
    if (attentionMask[(b + 1) * length - 1]) continue;
    throw new ModelInputError("NO_PROMPT", `Prompt ${b} ends in padding`, "Pad prompts on the left.", { row: b });
  }
}

// Shapes: B rows, L tokens of a row, P patches, k images or videos.
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { ModelConfig } from "./config.ts";
import { ModelInputError } from "./errors.ts";
import type { GridThw } from "./rope-index.ts";

/** A batch of token rows with the images and videos that their placeholder tokens stand for, in order of appearance. */
export interface ModelInputs {
  /** int32 [B, L] */
  inputIds: Tensor2D;
  /** int32 [B, L]; 0 marks padding. Absent: no padding. */
  attentionMask?: Tensor2D;
  /** [P, channels * temporalPatchSize * patchSize^2] patches of all images. */
  pixelValues?: Tensor2D;
  /** int32 [k, 3] patches of each image: frame pairs, rows, columns. */
  imageGridThw?: Tensor2D;
  /** As pixelValues, of all videos. */
  pixelValuesVideos?: Tensor2D;
  /** As imageGridThw, of all videos. */
  videoGridThw?: Tensor2D;
  /** [k] seconds between the frame pairs of each video. Absent: 1. */
  secondPerGridTs?: Tensor1D;
}

export interface VisionInputs {
  pixels: Tensor2D;
  grids: GridThw[];
}

/** `ModelInputs` checked and on the host, all but the pixels. */
export interface HostInputs {
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
  secondPerGridTs: Float32Array | Int32Array | Uint8Array | null;
}

/**
 * Reads and checks `inputs`.
 *
 * @throws {ModelInputError} SHAPE, TOKEN_RANGE, or VISION_MISMATCH if pixels and grids do not belong together.
 */
export function readInputs(inputs: ModelInputs, config: ModelConfig): HostInputs {
  const [batch, length] = inputs.inputIds.shape;
  const inputIds = inputs.inputIds.dataSync<"int32">();
  const mask = inputs.attentionMask;
  if (!batch || !length)
    throw new ModelInputError("SHAPE", `inputIds [${[batch, length]}] is empty`, "Give at least one token.");
  if (mask && String(mask.shape) !== String([batch, length])) {
    const what = `attentionMask [${mask.shape}] and inputIds [${[batch, length]}] differ in shape`;
    throw new ModelInputError("SHAPE", what, "Give one mask value per token.");
  }
  checkTokenIds(inputIds, config);
  const attentionMask = mask ? mask.dataSync<"int32">() : new Int32Array(batch * length).fill(1);
  const videos = readVision("video", inputs.pixelValuesVideos, inputs.videoGridThw, config);
  const seconds = inputs.secondPerGridTs;
  if (seconds && seconds.shape[0] !== (videos?.grids.length ?? 0)) {
    const what = `secondPerGridTs [${seconds.shape}] for ${videos?.grids.length ?? 0} videos`;
    throw new ModelInputError("SHAPE", what, "Give one value per video, or none.");
  }
  return {
    batch,
    length,
    inputIds,
    attentionMask,
    padded: attentionMask.includes(0),
    images: readVision("image", inputs.pixelValues, inputs.imageGridThw, config),
    videos,
    secondPerGridTs: seconds ? seconds.dataSync() : null,
  };
}

/** @throws {ModelInputError} TOKEN_RANGE if an id is outside the vocabulary. */
export function checkTokenIds(ids: Int32Array, config: ModelConfig): void {
  const { vocabSize } = config.text;
  const index = ids.findIndex((id) => id < 0 || id >= vocabSize);
  if (index < 0) return;
  const what = `Token id ${ids[index]} at index ${index} is not in [0, ${vocabSize})`;
  throw new ModelInputError("TOKEN_RANGE", what, "Use the tokenizer of this checkpoint.", { id: ids[index], index });
}

function readVision(
  kind: "image" | "video",
  pixels: Tensor2D | undefined,
  grid: Tensor2D | undefined,
  config: ModelConfig,
): VisionInputs | null {
  if (!pixels && !grid) return null;
  if (!pixels || !grid) {
    const what = `The batch has ${kind} ${pixels ? "pixels but no grids" : "grids but no pixels"}`;
    throw new ModelInputError("VISION_MISMATCH", what, "Give both, or neither.", { kind });
  }
  const values = grid.dataSync<"int32">();
  const grids = Array.from(
    { length: grid.shape[0] },
    (_, i): GridThw => [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!],
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
export function checkLeftPadded({ batch, length, attentionMask }: HostInputs): void {
  for (let b = 0; b < batch; b++) {
    if (attentionMask[(b + 1) * length - 1]) continue;
    throw new ModelInputError("NO_PROMPT", `Prompt ${b} ends in padding`, "Pad prompts on the left.", { row: b });
  }
}

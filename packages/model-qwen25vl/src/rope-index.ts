// Shapes: B rows, L tokens of a row, 3 axes (t, h, w).
import type { ModelConfig } from "./config.ts";
import { ModelInputError } from "./errors.ts";

/**
 * How video tokens advance the positions.
 * - "classic": temporal index floor(a * secondPerGrid * tokensPerSecond); text continues at the largest position + 1
 *   (transformers 4.49, Qwen's fine-tuning code, vLLM: what the checkpoints were trained with).
 * - "hf5": temporal index a * int(secondPerGrid) * tokensPerSecond; text continues after max(h, w) / merge
 *   (transformers 5.3 to 5.12; scripts/interop compares with it).
 */
export type PositionSemantics = "classic" | "hf5";

/** Patches of one image or video: [frame pairs, rows, columns]. */
export type GridThw = readonly [t: number, h: number, w: number];

export interface RopeIndexInputs {
  /** [B, L], row-major. */
  inputIds: Int32Array;
  /** [B, L]; 0 marks padding, anywhere in the row. */
  attentionMask: Int32Array;
  /** B */
  batch: number;
  imageGrids: readonly GridThw[];
  videoGrids: readonly GridThw[];
  /** Seconds between frame pairs, per video; 1 where absent. */
  secondPerGridTs?: ArrayLike<number>;
}

export interface RopeIndex {
  /** [3, B, L]; 0 at padding. */
  positionIds: Int32Array;
  /** [B] largest position + 1 - number of tokens. */
  ropeDeltas: Int32Array;
  /** [3, B] positions of the token that would follow each row. */
  nextPositions: Int32Array;
}

/**
 * M-RoPE positions. A text token has the same position on all axes; the merged cell (a, y, x) of an image or video that
 * starts at n has (n + T(a), n + y, n + x), with T = 0 for images.
 *
 * @throws {ModelInputError} VISION_MISMATCH if the placeholder tokens do not spell the grids, in order.
 * @see huggingface/transformers v4.49.0 modeling_qwen2_5_vl.py `get_rope_index`; v5.12.1 for "hf5"
 */
export function ropeIndex(
  inputs: RopeIndexInputs,
  config: ModelConfig,
  semantics: PositionSemantics = "classic",
): RopeIndex {
  const { inputIds, attentionMask, batch, imageGrids, videoGrids, secondPerGridTs } = inputs;
  const { spatialMergeSize: merge, tokensPerSecond } = config.vision;
  const length = inputIds.length / batch;
  const positionIds = new Int32Array(3 * batch * length);
  const ropeDeltas = new Int32Array(batch);
  const nextPositions = new Int32Array(3 * batch);
  let image = 0;
  let video = 0;

  for (let b = 0; b < batch; b++) {
    const tokens: number[] = []; // indices of the row's unmasked tokens
    for (let i = b * length; i < (b + 1) * length; i++) if (attentionMask[i]) tokens.push(i);
    const put = (i: number, t: number, h: number, w: number) => {
      positionIds[i] = t;
      positionIds[batch * length + i] = h;
      positionIds[2 * batch * length + i] = w;
    };
    let next = 0;
    let largest = -1;
    for (let k = 0; k < tokens.length; ) {
      const id = inputIds[tokens[k]!]!;
      const kind = id === config.imageTokenId ? "image" : id === config.videoTokenId ? "video" : "text";
      if (kind === "text") {
        put(tokens[k++]!, next, next, next);
        largest = Math.max(largest, next++);
        continue;
      }
      const ordinal = kind === "image" ? image++ : video++;
      const grid = (kind === "image" ? imageGrids : videoGrids)[ordinal];
      if (!grid) throw mismatch(kind, b, `placeholder tokens of ${kind} ${ordinal}, but only ${ordinal} ${kind} grids`);
      const [frames, rows, columns] = [grid[0], grid[1] / merge, grid[2] / merge];
      const cells = frames * rows * columns;
      const run = tokens.slice(k, k + cells);
      const found = run.findIndex((i) => inputIds[i] !== id);
      if (run.length < cells || found >= 0) {
        const count = found >= 0 ? found : run.length;
        throw mismatch(
          kind,
          b,
          `${count} placeholder tokens for ${kind} ${ordinal}, but its grid [${grid}] has ${cells} features`,
        );
      }
      const second = kind === "image" ? 0 : (secondPerGridTs?.[ordinal] ?? 1);
      for (let cell = 0; cell < cells; cell++) {
        const a = Math.floor(cell / (rows * columns));
        const y = Math.floor(cell / columns) % rows;
        const x = cell % columns;
        const t = next + temporalIndex(a, second, tokensPerSecond, semantics);
        put(run[cell]!, t, next + y, next + x);
        largest = Math.max(largest, t, next + y, next + x);
      }
      next = semantics === "classic" ? largest + 1 : next + Math.max(grid[1], grid[2]) / merge;
      k += cells;
    }
    ropeDeltas[b] = largest + 1 - tokens.length;
    const last = tokens.at(-1);
    for (let axis = 0; axis < 3; axis++) {
      // transformers 5 continues each axis after the last token, as the original continues after the largest position.
      const after = last === undefined ? 0 : positionIds[axis * batch * length + last]! + 1;
      nextPositions[axis * batch + b] = semantics === "classic" ? largest + 1 : after;
    }
  }
  if (image < imageGrids.length)
    throw mismatch("image", undefined, `${imageGrids.length} image grids, but placeholder tokens of ${image}`);
  if (video < videoGrids.length)
    throw mismatch("video", undefined, `${videoGrids.length} video grids, but placeholder tokens of ${video}`);
  return { positionIds, ropeDeltas, nextPositions };
}

function temporalIndex(
  pair: number,
  secondPerGrid: number,
  tokensPerSecond: number,
  semantics: PositionSemantics,
): number {
  if (semantics === "hf5") return pair * Math.trunc(secondPerGrid) * tokensPerSecond;
  return Math.trunc(Math.fround(Math.fround(pair * Math.fround(secondPerGrid)) * tokensPerSecond)); // as float32 products
}

function mismatch(kind: "image" | "video", row: number | undefined, what: string): ModelInputError {
  const where = row === undefined ? "The batch" : `Row ${row}`;
  const hint = `Each ${kind} needs t * h * w / merge^2 consecutive ${kind} placeholder tokens, in the order of its grid and pixels.`;
  return new ModelInputError("VISION_MISMATCH", `${where} has ${what}`, hint, { kind, row });
}

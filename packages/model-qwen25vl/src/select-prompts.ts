// Shapes: B prompts, L tokens of a row, P patches, k images or videos.
import type { ModelConfig } from "./config.ts";
import type { CheckedInputs, VisionInputs } from "./inputs.ts";

/** Number of tokens of each row that are not masked. */
export function tokenCounts({ batch, length, attentionMask }: CheckedInputs): number[] {
  const rowOf = (b: number) => attentionMask.subarray(b * length, (b + 1) * length);
  return Array.from({ length: batch }, (_, b) => rowOf(b).reduce((count, isToken) => count + (isToken ? 1 : 0), 0));
}

/**
 * Some rows of a batch without their padding, with the images and videos that are theirs.
 *
 * @param rows - Ascending; they have equally many tokens.
 */
export function selectPrompts(inputs: CheckedInputs, rows: readonly number[], config: ModelConfig): CheckedInputs {
  const { length, inputIds, attentionMask, images, videos, secondPerGridTs } = inputs;
  const tokens = rows.map((b) =>
    inputIds.subarray(b * length, (b + 1) * length).filter((_, t) => attentionMask[b * length + t]),
  );
  const own = tokens[0]!.length;
  const ids = new Int32Array(rows.length * own);
  for (const [i, row] of tokens.entries()) ids.set(row, i * own);
  const ofVideos =
    videos && clipsOf(inputs, videos, config.videoTokenId, config).filter(({ row }) => rows.includes(row));
  const ofImages =
    images && clipsOf(inputs, images, config.imageTokenId, config).filter(({ row }) => rows.includes(row));
  return {
    batch: rows.length,
    length: own,
    inputIds: ids,
    attentionMask: new Int32Array(ids.length).fill(1),
    padded: false,
    images: images && visionOf(images, ofImages!),
    videos: videos && visionOf(videos, ofVideos!),
    secondPerGridTs: secondPerGridTs && Float32Array.from(ofVideos ?? [], ({ index }) => secondPerGridTs[index]!),
  };
}

interface Clip {
  /** Its place among all of its kind. */
  index: number;
  /** The row whose placeholder tokens stand for it. */
  row: number;
  /** Its first patch, and how many it has. */
  first: number;
  patches: number;
}

/** Gives each image or video, in order of appearance, to the row that has its placeholder tokens. */
function clipsOf(
  { batch, length, inputIds, attentionMask }: CheckedInputs,
  { grids }: VisionInputs,
  tokenId: number,
  { vision }: ModelConfig,
): Clip[] {
  const merge = vision.spatialMergeSize ** 2;
  const clips: Clip[] = [];
  let first = 0;
  for (let row = 0; row < batch; row++) {
    let features = 0;
    for (let i = row * length; i < (row + 1) * length; i++) if (attentionMask[i] && inputIds[i] === tokenId) features++;
    while (features > 0 && clips.length < grids.length) {
      const [t, h, w] = grids[clips.length]!;
      const patches = t * h * w;
      clips.push({ index: clips.length, row, first, patches });
      first += patches;
      features -= patches / merge;
    }
  }
  return clips;
}

function visionOf({ pixels, grids }: VisionInputs, clips: readonly Clip[]): VisionInputs | null {
  if (clips.length === 0) return null;
  const columns = pixels.shape[1];
  const patches = clips.reduce((sum, clip) => sum + clip.patches, 0);
  const data = new Float32Array(patches * columns);
  let next = 0;
  for (const { first, patches } of clips) {
    data.set(pixels.data.subarray(first * columns, (first + patches) * columns), next);
    next += patches * columns;
  }
  return { pixels: { data, shape: [patches, columns] }, grids: clips.map(({ index }) => grids[index]!) };
}

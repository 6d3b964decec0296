import { type PaddingSide, padRows } from "./pad.ts";
import type { ProcessedInputs, ProcessedRow } from "./processed.ts";
import type { ProcessorParts } from "./processor-parts.ts";
import type { Rows } from "./rows.ts";

export interface BatchOptions {
  /** The side on which short rows are padded: "left" for generation (default), "right" for whole conversations. */
  paddingSide?: PaddingSide;
}

/**
 * Joins processed conversations into one batch: ids are padded to the longest, patches and grids concatenated. If only one
 * row has images (or videos), the batch holds that row's arrays, not copies.
 */
export function batchRows(
  { imageTokenId, videoTokenId, padTokenId }: Pick<ProcessorParts, "imageTokenId" | "videoTokenId" | "padTokenId">,
  rows: readonly ProcessedRow[],
  { paddingSide = "left" }: BatchOptions = {},
): ProcessedInputs {
  const ids = rows.map(({ inputIds }) => inputIds);
  const { inputIds, attentionMask } = padRows(ids, padTokenId, paddingSide);
  const typeOf = (id: number): number => (id === imageTokenId ? 1 : id === videoTokenId ? 2 : 0);
  const batch: ProcessedInputs = {
    texts: rows.map(({ text }) => text),
    inputIds,
    attentionMask,
    mmTokenTypeIds: { data: inputIds.data.map(typeOf), shape: inputIds.shape },
  };
  const images = rows.filter(({ pixelValues }) => pixelValues);
  const videos = rows.filter(({ pixelValuesVideos }) => pixelValuesVideos);
  if (images.length > 0) {
    batch.pixelValues = joinFloats(images.map(({ pixelValues }) => pixelValues!));
    batch.imageGridThw = joinIntegers(images.map(({ imageGridThw }) => imageGridThw!));
  }
  if (videos.length > 0) {
    batch.pixelValuesVideos = joinFloats(videos.map(({ pixelValuesVideos }) => pixelValuesVideos!));
    batch.videoGridThw = joinIntegers(videos.map(({ videoGridThw }) => videoGridThw!));
    batch.secondPerGridTs = Float32Array.from(videos.flatMap(({ secondPerGridTs }) => [...secondPerGridTs!]));
  }
  return batch;
}

const joinFloats = (parts: readonly Rows<Float32Array>[]) => join(parts, (length) => new Float32Array(length));
const joinIntegers = (parts: readonly Rows<Int32Array>[]) => join(parts, (length) => new Int32Array(length));

/** The rows of all parts, one part after the other; the part itself if there is one. */
function join<T extends Int32Array | Float32Array>(parts: readonly Rows<T>[], create: (length: number) => T): Rows<T> {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const columns = first!.shape[1];
  const data = create(parts.reduce((total, part) => total + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { data, shape: [data.length / columns, columns] };
}

import type { SafetensorsFile } from "@videor1/safetensors";
import type { Slice } from "./sharded/slices.ts";

/** The place of a rank's tensors in a file of the optimizer: of each parameter, its whole shape and the first element that is here. */
export type SavedPlaces = Readonly<Record<string, { first: number; shape: readonly number[] }>>;

/** A part of a saved tensor: `count` of its elements from `from` on, in memory order. */
export interface SavedPart {
  file: SafetensorsFile;
  from: number;
  count: number;
  /** Of what the file holds of it. */
  size: number;
}

const placesKey = "slices";

/** The metadata of a file that holds slices. */
export const placesMetadata = (places: SavedPlaces): Record<string, string> => ({
  [placesKey]: JSON.stringify(places),
});

const known = new WeakMap<SafetensorsFile, SavedPlaces>();

/** Empty for a file that holds whole tensors, as one rank writes it. */
function placesOf(file: SafetensorsFile): SavedPlaces {
  const places = known.get(file) ?? (JSON.parse(file.metadata[placesKey] ?? "{}") as SavedPlaces);
  known.set(file, places);
  return places;
}

/**
 * Where elements of a tensor of a parameter lie, whichever number of ranks wrote it, in order.
 *
 * @param stored - Name of the tensor in the files.
 * @param wanted - Elements of the parameter; the count is 0 for none.
 * @throws {RangeError} If the parameter had another shape, or some of the elements are in no file.
 */
export function savedParts(
  files: readonly SafetensorsFile[],
  { parameter, stored, shape }: { parameter: string; stored: string; shape: readonly number[] },
  wanted: Slice,
): SavedPart[] {
  const end = wanted.first + wanted.count;
  const parts = files
    .filter((file) => file.names.includes(stored))
    .map((file) => {
      const { shape: found } = file.info(stored);
      const place = placesOf(file)[parameter] ?? { first: 0, shape: found };
      if (String(place.shape) !== String(shape))
        throw new RangeError(`adamw: ${file.path} holds ${stored} [${place.shape}], the parameter is [${shape}]`);
      const size = found.reduce((product, length) => product * length, 1);
      const from = Math.max(wanted.first, place.first);
      return { file, begin: from, from: from - place.first, count: Math.min(end, place.first + size) - from, size };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.begin - b.begin);
  let at = wanted.first;
  for (const { begin, count } of parts) {
    if (begin !== at) break;
    at += count;
  }
  if (at !== end)
    throw new RangeError(
      `adamw: ${files.map(({ path }) => path).join(", ")} lack elements ${at} to ${end} of ${stored}, or hold some twice`,
    );
  return parts.map(({ begin: _, ...part }) => part);
}

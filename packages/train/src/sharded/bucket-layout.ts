import { sliceGrain, sliceLength } from "./slices.ts";

export interface BucketParameter {
  name: string;
  size: number;
  /** Whether its values take 4 bytes; else 2. */
  isWide: boolean;
}

/** A part of every rank's range of a parameter, in a bucket: row r holds `length` elements of it, from number `from` of range r on. */
export interface Place extends BucketParameter {
  from: number;
  length: number;
  /** Elements of a range. */
  stride: number;
  /** Byte of the row. */
  at: number;
}

/** Rows of bytes, one for each rank, that are exchanged together. */
export interface Bucket {
  places: readonly Place[];
  /** Bytes at the beginning of each row, one of them for each place. */
  head: number;
  /** Bytes of a row. */
  width: number;
}

/**
 * Cuts parameters into buckets, in their order: each begins a bucket where it does not fit into the one before; one that is larger
 * than a bucket is cut over several.
 *
 * @param bucketBytes - Of all rows of a bucket together; a row holds 256 elements at least.
 */
export function bucketLayout(
  parameters: readonly BucketParameter[],
  { ranks, bucketBytes }: { ranks: number; bucketBytes: number },
): Bucket[] {
  const capacity = bucketBytes / ranks;
  const buckets: Omit<Place, "at">[][] = [[]];
  let filled = 0;
  for (const parameter of parameters) {
    const stride = sliceLength(parameter.size, ranks);
    const width = bytesOf(parameter);
    const most = Math.max(sliceGrain, sliceGrain * Math.floor(capacity / width / sliceGrain));
    for (let from = 0; from < stride; from += most) {
      const length = Math.min(most, stride - from);
      if (filled > 0 && filled + width * length > capacity) {
        buckets.push([]);
        filled = 0;
      }
      buckets.at(-1)!.push({ ...parameter, from, length, stride });
      filled += width * length;
    }
  }
  return buckets.filter((places) => places.length > 0).map(placed);
}

const bytesOf = ({ isWide }: BucketParameter): number => (isWide ? 4 : 2);

function placed(places: readonly Omit<Place, "at">[]): Bucket {
  const head = sliceGrain * Math.ceil(places.length / sliceGrain);
  let width = head;
  const withBytes = places.map((place): Place => {
    const at = width;
    width += bytesOf(place) * place.length;
    return { ...place, at };
  });
  return { places: withBytes, head, width };
}

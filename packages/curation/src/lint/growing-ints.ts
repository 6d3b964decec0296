/** A list of 32-bit integers that grows, four bytes each. */
export interface GrowingInts {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
}

/** A list in blocks, so that growing copies nothing. */
export function growingInts(blockLength = 1 << 16): GrowingInts {
  const blocks: Int32Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      const at = length % blockLength;
      if (at === 0) blocks.push(new Int32Array(blockLength));
      blocks[blocks.length - 1]![at] = value;
      length += 1;
    },
    at: (index) => blocks[Math.floor(index / blockLength)]![index % blockLength]!,
  };
}

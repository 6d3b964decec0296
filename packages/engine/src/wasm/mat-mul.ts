// Shape suffixes: M rows, D depth, N columns.
import { broadcast_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr, scratch } from "./module.ts";
import type { Override } from "./override.ts";

/** op(a) op(b) on the last two axes, broadcast over the others. tfjs' own is fast only for plain 2-D products. */
export const batchMatMul: Override = ({ inputs, attrs }) => {
  const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [M, D] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [bD, N] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (D !== bD) {
    throw new RangeError(
      `matMul: inner sizes ${D} of a [${a.shape}] (transposeA=${transposeA}) and ${bD} of b [${b.shape}] (transposeB=${transposeB}) must match`,
    );
  }
  const packed = scratch(kernels().gemmScratch(D, N));
  const multiply = (aAt: number, bAt: number, outAt: number, rows: number) =>
    kernels().gemm(aAt, bAt, 0, outAt, rows, D, N, transposeA, transposeB, packed);

  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  if (!transposeA && util.sizeFromShape(bBatch) === 1 && bBatch.length <= aBatch.length) {
    const out = makeOutput([...aBatch, M, N], "float32");
    multiply(ptr(a), ptr(b), ptr(out), util.sizeFromShape(aBatch) * M);
    return out;
  }
  const batch = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = makeOutput([...batch, M, N], "float32");
  const [aPtr, bPtr, outPtr] = [ptr(a), ptr(b), ptr(out)];
  const aOf = broadcastIndex(aBatch, batch);
  const bOf = broadcastIndex(bBatch, batch);
  for (let i = 0; i < util.sizeFromShape(batch); i++) {
    multiply(aPtr + aOf(i) * M * D * 4, bPtr + bOf(i) * D * N * 4, outPtr + i * M * N * 4, M);
  }
  return out;
};

/** Maps the flat index of an element of `to` to that of `from`, which is broadcast to `to`. */
function broadcastIndex(from: number[], to: number[]): (i: number) => number {
  if (util.arraysEqual(from, to)) return (i) => i;
  if (util.sizeFromShape(from) === 1) return () => 0;
  const fromStrides = [...util.computeStrides(from), 1];
  const toStrides = [...util.computeStrides(to), 1];
  const skipped = to.length - from.length;
  return (i) =>
    from.reduce((at, size, axis) => {
      const coordinate = Math.floor(i / toStrides[axis + skipped]!) % to[axis + skipped]!;
      return at + (size === 1 ? 0 : coordinate * fromStrides[axis]!);
    }, 0);
}

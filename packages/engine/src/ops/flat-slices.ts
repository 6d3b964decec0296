import { type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel, unshare } from "../fused.ts";

/** A place in rows of bytes, and the flat ranges of a tensor that lie there: row r has `length` elements from `first` + r `stride` on. */
export interface FlatRanges {
  /** Byte of each row at which the place begins. */
  at: number;
  first: number;
  stride: number;
  length: number;
}

/** Whether the current backend cuts tensors into slices; torch does. */
export const hasFlatSlices = (): boolean => hasKernel("PackRanges");

/** Rows of bytes, [rows, width]: a bool tensor, tfjs' only one of one byte. The first `zeros` of each row are 0, the others anything. */
export const emptyBytes = (rows: number, width: number, zeros = 0): Variable =>
  tidy(() => variable(runKernel<Tensor>("EmptyBytes", [], { rows, width, zeros }), false));

/**
 * Writes flat ranges of x into rows of bytes, as far as x goes.
 *
 * @param isWide - Whether the place is for float32; else for bfloat16.
 * @param flag - Byte of each row that tells how x is stored: 1 bfloat16, 2 float32.
 * @throws If x is float32 and the place is not.
 */
export function packRanges(bytes: Variable, x: Tensor, ranges: FlatRanges, isWide: boolean, flag = -1): void {
  runKernel("PackRanges", { bytes, x }, { isWide, flag, ...ranges });
}

/** Writes the rows' values back into flat ranges of x, in x's own storage. */
export function unpackRanges(x: Variable, bytes: Variable, ranges: FlatRanges): void {
  unshare(x);
  runKernel("UnpackRanges", { x, bytes }, { ...ranges });
}

export interface RowPlace {
  row: number;
  isWide: boolean;
  at: number;
  length: number;
}

/** Adds a row's values to `total` (float32) from element `from` on, as far as it goes; the first addend is copied, so that -0 stays. */
export function addRow(total: Variable, bytes: Variable, place: RowPlace, from: number, isFirst: boolean): void {
  runKernel("AddRange", { total, bytes }, { ...place, from, isFirst });
}

/** The first `count` bytes of every row, [rows * count]. */
export const headOfRows = (bytes: Variable, count: number): Int32Array =>
  tidy(() => runKernel<Tensor>("HeadOfRows", { bytes }, { count }).dataSync<"int32">());

/** A copy of a flat range of x, [count], as it is stored. */
export const copyRange = (x: Tensor, first: number, count: number): Variable =>
  tidy(() => variable(runKernel<Tensor>("CopyRange", { x }, { first, count }), false));

/** Bytes of an element as the backend stores it: 4, or 2 of bfloat16. */
export const elementBytes = (x: Tensor): number => tidy(() => runKernel<Tensor>("ElementBytes", { x }).dataSync()[0]!);

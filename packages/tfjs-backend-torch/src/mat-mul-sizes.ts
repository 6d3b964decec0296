import type { TensorInfo } from "@tensorflow/tfjs-core";

/** @throws {RangeError} If the inner sizes of a product differ. */
export function matMulSizes(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): void {
  const inner = a.shape.at(transposeA ? -2 : -1);
  const innerB = b.shape.at(transposeB ? -1 : -2);
  if (inner === innerB) return;
  throw new RangeError(
    `matMul: inner sizes ${inner} of a [${a.shape}] (transposeA=${transposeA}) and ${innerB} of b [${b.shape}] (transposeB=${transposeB}) must match`,
  );
}

import {
  engine,
  getKernel,
  type KernelFunc,
  matMul,
  randomNormal,
  type Tensor,
  type TensorInfo,
  transpose,
} from "@tensorflow/tfjs-core";
import { timeCalls } from "../src/timing.ts";

export interface ProductRow {
  product: string;
  /** GFLOP/s of tfjs' own kernel (XNNPACK), which is fast only when nothing is transposed. */
  xnnpack: number;
  plain: number;
  transposedRight: number;
  transposedLeft: number;
}

// [rows, depth, columns]: the products of one training step of the miniature, then of decoding, then a cube.
const sizes = [
  [1984, 128, 320],
  [1984, 320, 128],
  [128, 1984, 320],
  [2048, 1176, 64],
  [64, 2048, 1176],
  [96, 128, 320],
  [8, 128, 320],
  [1, 128, 320],
  [512, 512, 512],
] as const;

/** `own` is tfjs' kernel, taken before the engine put ours in its place. */
export function benchProducts(own: KernelFunc): ProductRow[] {
  return sizes.map(([M, D, N]) => {
    const [a, b] = [randomNormal([M, D]), randomNormal([D, N])];
    const [aT, bT] = [transpose(a), transpose(b)];
    const rate = (run: () => void) => Number(((2 * M * D * N) / timeCalls(run) / 1e9).toFixed(1));
    const { backend } = engine();
    const xnnpack = () => {
      const attrs = { transposeA: false, transposeB: false };
      const { dataId } = own({ inputs: { a, b }, attrs, backend }) as TensorInfo;
      backend.disposeData(dataId);
    };
    const row = {
      product: `${M} x ${D} x ${N}`,
      xnnpack: rate(xnnpack),
      plain: rate(() => matMul(a, b).dispose()),
      transposedRight: rate(() => matMul(a, bT, false, true).dispose()),
      transposedLeft: rate(() => matMul(aT, b, true).dispose()),
    };
    for (const tensor of [a, b, aT, bT] as Tensor[]) tensor.dispose();
    return row;
  });
}

export const ownMatMul = (): KernelFunc => getKernel("BatchMatMul", "wasm").kernelFunc;

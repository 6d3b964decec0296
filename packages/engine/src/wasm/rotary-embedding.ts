// Shape suffixes: B batch, T positions, N heads, H head dim.
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernels, makeOutput, ptr } from "./module.ts";
import type { KernelCall } from "./override.ts";

/** `direction` 1 rotates, -1 rotates back. The tables are [B, T, H/2] or [1, T, H/2]. */
export function rotaryEmbedding({ inputs, attrs }: KernelCall): TensorInfo {
  const { x, cos, sin } = inputs as Record<"x" | "cos" | "sin", TensorInfo>;
  const [B, T, N, H] = x.shape as [number, number, number, number];
  const half = H / 2;
  const tableRows = util.sizeFromShape(cos.shape) / half;
  const y = makeOutput(x.shape, "float32");
  const direction = attrs.direction as number;
  kernels().rotaryEmbedding(ptr(x), ptr(cos), ptr(sin), B * T, tableRows, N, half, direction, ptr(y));
  return y;
}

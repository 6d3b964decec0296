import { clone, tensor as makeTensor, type Tensor } from "@tensorflow/tfjs-core";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";
import { isDeferring } from "./deferred-writes.ts";
import { hasKernel, runKernel } from "./fused.ts";
import { noBfloat16, type SplitTensor } from "./split-float32.ts";

/** How a backend stores float32 tensors; bfloat16 takes half the memory, and only torch has it. */
export type FloatStorage = "float32" | "bfloat16";

/** A flat range of a tensor of a file. */
export interface TensorRange {
  first: number;
  count: number;
}

const directDtypes = ["F32", "BF16", "F16", "I16"] as const;

/**
 * Loads a tensor of a file to the current backend. A backend with `ReadTensor` reads floats from the disk straight
 * into its own memory; elsewhere they pass through JavaScript's. I16 is a remainder, see `splitFloat32`.
 *
 * @param range - The elements to read, [count]; default all, in their shape.
 * @throws {SafetensorsError} If the file has no such tensor, or cannot be read; from ReadTensor, the backend's error.
 * @throws {EngineError} NO_BFLOAT16 if the backend stores no bfloat16.
 */
export function readTensor(
  file: SafetensorsFile,
  name: string,
  storage: FloatStorage = "float32",
  range?: TensorRange,
): Tensor {
  const { dtype, shape: whole } = file.info(name);
  const shape = range ? [range.count] : [...whole];
  const direct = directDtypes.indexOf(dtype as (typeof directDtypes)[number]);
  if (direct >= 0 && hasKernel("ReadTensor")) {
    const { descriptor, position: begin } = file.locate(name);
    const position = begin + (range?.first ?? 0) * (dtype === "F32" ? 4 : 2);
    const attrs = { descriptor, position, dtype: direct, bfloat16: storage === "bfloat16", shape };
    return runKernel<Tensor>("ReadTensor", [], attrs);
  }
  if (storage === "bfloat16") throw noBfloat16(`${file.path}, tensor "${name}": `, `a ${dtype} tensor`);
  const values = file.read(name);
  const wanted = range ? values.subarray(range.first, range.first + range.count) : values;
  return makeTensor(wanted, shape, dtype === "I32" || dtype === "I64" ? "int32" : "float32");
}

/**
 * x rounded to bfloat16, nearest even, and stored in it: half the bytes. tfjs still calls it float32. No gradient.
 *
 * @throws {EngineError} NO_BFLOAT16 if the backend stores no bfloat16.
 */
export function toBfloat16(x: Tensor): Tensor {
  if (!hasKernel("ToBfloat16")) throw noBfloat16("", `a tensor [${x.shape}]`);
  return runKernel<Tensor>("ToBfloat16", [x]);
}

/** x stored in float32, as every tensor is where the backend stores no bfloat16. No gradient. */
export function toFloat32(x: Tensor): Tensor {
  return hasKernel("ToFloat32") ? runKernel<Tensor>("ToFloat32", [x]) : clone(x);
}

/** A remainder of `splitFloat32` as `writeSafetensors` takes it, for the dtype I16. */
export const remainderData = (remainder: Tensor): SafetensorsTensor["data"] => tensorData(remainder, "F32");

/**
 * A float tensor as `writeSafetensors` takes it: written by the backend's kernel `WriteTensor`, or else read into
 * JavaScript's memory when its turn comes. Of a split one the file gets the float32.
 */
export function tensorData(x: Tensor | SplitTensor, dtype: "F32" | "BF16"): SafetensorsTensor["data"] {
  const parts = "remainder" in x ? [x.weight, x.remainder] : [x];
  if (!hasKernel("WriteTensor")) return () => parts[0]!.dataSync<"float32">();
  return {
    writeTo(descriptor, position) {
      runKernel<Tensor[]>("WriteTensor", parts, {
        descriptor,
        position,
        bfloat16: dtype === "BF16",
        later: isDeferring(),
      });
    },
  };
}

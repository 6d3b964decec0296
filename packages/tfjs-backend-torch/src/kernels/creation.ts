import { type DataType, util } from "@tensorflow/tfjs-core";
import { dtypeCode } from "../dtypes.ts";
import type { DirectKernel, TorchKernel } from "../register.ts";

const fill: TorchKernel = ({ attrs, backend }) => {
  const dtype: DataType = attrs.dtype ?? util.inferDtype(attrs.value);
  return backend.callOne("Fill", [], [dtypeCode(dtype), attrs.shape.length, ...attrs.shape], [Number(attrs.value)]);
};

/** start, start + step, ... below stop; nothing if step leads away from stop. */
const range: TorchKernel = ({ attrs, backend }) => {
  const { start, stop, step, dtype } = attrs;
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  return backend.callOne("Range", [], [dtypeCode(dtype ?? "float32"), count], [start, step]);
};

const linSpace: TorchKernel = ({ attrs, backend }) => {
  const { start, stop, num } = attrs;
  return backend.callOne("Range", [], [dtypeCode("float32"), num], [start, num > 1 ? (stop - start) / (num - 1) : 0]);
};

export const creationKernels: Record<string, DirectKernel | TorchKernel> = {
  Fill: fill,
  LinSpace: linSpace,
  Multinomial: { inputs: ["logits"], attrs: { numSamples: "int", seed: "int", normalized: "int" } },
  Range: range,
};

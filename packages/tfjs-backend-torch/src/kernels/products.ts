import type { TensorInfo } from "@tensorflow/tfjs-core";
import { matMulSizes } from "../mat-mul-sizes.ts";
import type { KernelCall, TorchKernel } from "../register.ts";
import { activated } from "./activation.ts";

const batchMatMul: TorchKernel = ({ inputs, attrs, backend }) => {
  const { transposeA, transposeB } = attrs;
  const [a, b] = [inputs.a!, inputs.b!];
  matMulSizes(a, b, transposeA, transposeB);
  return backend.callOne("BatchMatMul", [a, b], [Number(transposeA), Number(transposeB)]);
};

const einsum: TorchKernel = ({ inputs, attrs, backend }) => {
  const equation = (attrs.equation as string).replaceAll(" ", "");
  const codes = Array.from(equation, (letter) => letter.charCodeAt(0));
  return backend.callOne("Einsum", Object.values(inputs), [codes.length, ...codes]);
};

export const productKernels: Record<string, TorchKernel> = {
  BatchMatMul: batchMatMul,
  Einsum: einsum,
  _FusedMatMul: (call: KernelCall) => activated(call, batchMatMul(call) as TensorInfo),
};

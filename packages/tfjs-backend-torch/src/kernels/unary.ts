import { util } from "@tensorflow/tfjs-core";
import { dtypeCode } from "../dtypes.ts";
import type { DirectKernel, TorchKernel } from "../register.ts";

const unary: DirectKernel = { inputs: ["x"] };

const names = [
  ...["Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Elu", "Erf", "Exp", "Expm1"],
  ...["Floor", "IsFinite", "IsInf", "IsNan", "Log", "Log1p", "LogicalNot", "Neg", "OnesLike", "Reciprocal", "Relu"],
  ...["Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt", "Square", "Tan", "Tanh"],
  "ZerosLike",
];

/** A cast to the same dtype shares the data. */
const cast: TorchKernel = ({ inputs, attrs, backend }) => {
  const x = inputs.x!;
  if (x.dtype === attrs.dtype) return backend.share(x);
  return backend.callOne("Cast", [x], [dtypeCode(attrs.dtype)]);
};

export const unaryKernels: Record<string, DirectKernel | TorchKernel> = {
  ...Object.fromEntries(names.map((name) => [name, unary])),
  Cast: cast,
  ClipByValue: { inputs: ["x"], attrs: { clipValueMin: "number", clipValueMax: "number" } },
  EluGrad: { inputs: ["dy", "y"] },
  LeakyRelu: { inputs: ["x"], attrs: { alpha: "number" } },
  Step: { inputs: ["x"], attrs: { alpha: "number" } },
  Softmax: ({ inputs, attrs, backend }) => {
    const logits = inputs.logits!;
    return backend.callOne("Softmax", [logits], util.parseAxisParam(attrs.dim, logits.shape));
  },
  LogSoftmax: ({ inputs, attrs, backend }) => {
    const logits = inputs.logits!;
    return backend.callOne("LogSoftmax", [logits], util.parseAxisParam(attrs.axis, logits.shape));
  },
};

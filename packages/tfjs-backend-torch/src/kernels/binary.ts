import type { DirectKernel, TorchKernel } from "../register.ts";

const binary: DirectKernel = { inputs: ["a", "b"] };

const names = [
  ...["Add", "Atan2", "BitwiseAnd", "Equal", "FloorDiv", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd"],
  ...["LogicalOr", "LogicalXor", "Maximum", "Minimum", "Mod", "Multiply", "NotEqual", "Pow", "RealDiv"],
  ...["SquaredDifference", "Sub"],
];

export const binaryKernels: Record<string, DirectKernel | TorchKernel> = {
  ...Object.fromEntries(names.map((name) => [name, binary])),
  AddN: ({ inputs, backend }) => backend.callOne("AddN", Object.values(inputs)),
  FusedBatchNorm: { inputs: ["x", "mean", "variance", "offset?", "scale?"], attrs: { varianceEpsilon: "number" } },
  Prelu: { inputs: ["x", "alpha"] },
  Select: { inputs: ["condition", "t", "e"] },
};

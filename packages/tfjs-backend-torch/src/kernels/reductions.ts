import { util } from "@tensorflow/tfjs-core";
import type { DirectKernel, TorchKernel } from "../register.ts";

/** A reduction over `axis`, which Max calls `reductionIndices`. */
const reduction =
  (name: string, axisName = "axis"): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    const axes = util.parseAxisParam(attrs[axisName], x.shape);
    return backend.callOne(name, [x], [axes.length, ...axes, Number(attrs.keepDims)]);
  };

const argument =
  (name: string): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    return backend.callOne(name, [x], util.parseAxisParam(attrs.axis, x.shape).slice(0, 1));
  };

const scan =
  (name: string): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const x = inputs.x!;
    const [axis] = util.parseAxisParam(attrs.axis, x.shape);
    return backend.callOne(name, [x], [axis!, Number(attrs.exclusive), Number(attrs.reverse)]);
  };

export const reductionKernels: Record<string, TorchKernel | DirectKernel> = {
  ...Object.fromEntries(["Sum", "Mean", "Prod", "Min", "All", "Any"].map((name) => [name, reduction(name)])),
  Max: reduction("Max", "reductionIndices"),
  ArgMax: argument("ArgMax"),
  ArgMin: argument("ArgMin"),
  Cumsum: scan("Cumsum"),
  Cumprod: scan("Cumprod"),
  TopK: { inputs: ["x"], attrs: { k: "int" } },
};

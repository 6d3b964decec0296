import { broadcastTo, div, fill, type GradConfig, reshape, type Tensor, util } from "@tensorflow/tfjs-core";

/** dy in the shape of x, which was reduced over `axis`; tfjs multiplies by ones that it writes from the host. */
function spread(dy: Tensor, x: Tensor, axis: number | number[]): Tensor {
  const reduced = util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((size, i) => (reduced.includes(i) ? 1 : size));
  return broadcastTo(reshape(dy, kept), x.shape as never);
}

/** Gradients of sums and means, in place of tfjs'. */
export const reductionGradients: readonly GradConfig[] = [
  {
    kernelName: "Sum",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], { axis }) => ({ x: () => spread(dy as Tensor, x!, axis as number[]) }),
  },
  {
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradFunc(dy, [x], { axis }) {
      const count = x!.size / (dy as Tensor).size;
      return { x: () => spread(div(dy as Tensor, fill([], count)), x!, axis as number[]) };
    },
  },
];

import {
  add,
  engine,
  getKernel,
  mul,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  sum,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { gradients } from "./tape.ts";

type Segment = (inputs: Tensor[]) => Tensor[];

const Checkpoint = "Checkpoint";

/**
 * f(inputs), whose intermediate results are not kept for the backward pass but computed a second time there
 * (gradient checkpointing, arXiv:1604.06174): peak memory for time. Values and gradients are those of f.
 *
 * @param f - Pure: it runs twice. Every tensor that it depends on differentiably, weights too, comes from `inputs`;
 *   so do tensors made inside the differentiated function, such as masks, which are gone by the second run.
 * @param inputs - Tensors of any shape and dtype; gradients flow to those of dtype float32.
 * @returns What `f` returns.
 */
export function checkpoint(f: Segment, inputs: Tensor[]): Tensor[] {
  const outputs = engine().runKernel(Checkpoint, inputs as unknown as NamedTensorMap, { f } as unknown as NamedAttrMap);
  return Array.isArray(outputs) ? (outputs as Tensor[]) : [outputs as Tensor];
}

/** A kernel, not a `customGrad`, because only a kernel may have several outputs. */
export function registerCheckpoint(backendName: string): void {
  if (getKernel(Checkpoint, backendName)) return;
  registerKernel({
    kernelName: Checkpoint,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const given = Object.values(inputs) as Tensor[];
      return tidy(() => segmentOf(attrs)(given).map((output) => (given.includes(output) ? output.clone() : output)));
    },
  });
  registerGradient({
    kernelName: Checkpoint,
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const grads = recompute(segmentOf(attrs), saved, Array.isArray(dy) ? dy : [dy]);
      return Object.fromEntries(grads.map((grad, i) => [String(i), () => grad]));
    },
  });
}

const segmentOf = (attrs: NamedAttrMap | undefined): Segment => (attrs as unknown as { f: Segment }).f;

/** Vector-Jacobian product of f at `inputs` with `dys`, by a second forward pass on a tape of its own. */
function recompute(f: Segment, inputs: Tensor[], dys: Tensor[]): Tensor[] {
  const only = dys.length === 1;
  const objective = () => {
    const outputs = f(inputs);
    if (only) return outputs[0]!;
    return outputs.map((output, i) => sum(mul(output, dys[i]!))).reduce((total, term) => add(total, term));
  };
  const { value, grads } = gradients(objective, inputs, only ? dys[0] : undefined);
  value.dispose();
  return grads.map((grad, i) => grad ?? zerosLike(inputs[i]!));
}

import {
  dispose,
  engine,
  getKernel,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { isFrozen } from "./frozen.ts";
import { gradients, isAsked } from "./tape.ts";

type Segment = (inputs: Tensor[]) => Tensor[];

const Checkpoint = "Checkpoint";

/**
 * f(inputs), whose intermediate results are not kept for the backward pass but computed a second time there
 * (gradient checkpointing, arXiv:1604.06174): peak memory for time. Values and gradients are those of f.
 *
 * @param f - Pure: it runs twice. Every tensor that it depends on differentiably, weights too, comes from `inputs`;
 *   so do tensors made inside the differentiated function, such as masks, which are gone by the second run.
 * @param inputs - Tensors of any shape and dtype; gradients flow to those of dtype float32 that are not frozen.
 * @returns What `f` returns.
 */
export function checkpoint(f: Segment, inputs: Tensor[]): Tensor[] {
  const attrs: Attrs = { f, frozen: inputs.map(isFrozen) };
  const outputs = engine().runKernel(Checkpoint, inputs as unknown as NamedTensorMap, attrs as unknown as NamedAttrMap);
  return Array.isArray(outputs) ? (outputs as Tensor[]) : [outputs as Tensor];
}

/** A kernel, not a `customGrad`, because only a kernel may have several outputs. */
export function registerCheckpoint(backendName: string): void {
  if (getKernel(Checkpoint, backendName)) return;
  registerKernel({
    kernelName: Checkpoint,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      return tidy(() => run(attrsOf(attrs).f, Object.values(inputs) as Tensor[]));
    },
  });
  registerGradient({
    kernelName: Checkpoint,
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const grads = recompute(attrsOf(attrs), saved, Array.isArray(dy) ? dy : [dy]);
      return Object.fromEntries(saved.map((input, i) => [String(i), () => grads[i] ?? zerosLike(input)]));
    },
  });
}

interface Attrs {
  f: Segment;
  /** Which inputs take no gradient. */
  frozen: readonly boolean[];
}

const attrsOf = (attrs: NamedAttrMap | undefined) => attrs as unknown as Attrs;

/** Outputs of f, none of which is an input itself. */
const run = (f: Segment, inputs: Tensor[]): Tensor[] =>
  f(inputs).map((output) => (inputs.includes(output) ? output.clone() : output));

/** Vector-Jacobian product of f at those `inputs` that are asked for, with `dys`, by a second forward pass on a tape of its own. */
function recompute({ f, frozen }: Attrs, inputs: Tensor[], dys: Tensor[]): (Tensor | undefined)[] {
  const isWanted = frozen.map((isFrozen, i) => !isFrozen && isAsked(String(i)));
  const wanted = inputs.filter((_, i) => isWanted[i]);
  const { values, grads } = gradients(() => run(f, inputs), wanted, dys);
  dispose(values);
  let next = 0;
  return isWanted.map((isWanted) => (isWanted ? grads[next++] : undefined));
}

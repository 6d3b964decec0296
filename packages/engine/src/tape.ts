// Backpropagation over tfjs-core's tape, for its memory: tfjs keeps every saved tensor and every dy to the end, here each
// is freed after its last use. The one file that touches a private field of tfjs-core (4.22.0): `engine().state.activeTape`.
import {
  add,
  dispose,
  engine,
  fill,
  keep,
  type NamedTensorMap,
  onesLike,
  type Tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import { EngineError } from "./errors.ts";

/** As tfjs-core's TapeNode, which it does not export. */
interface TapeNode {
  kernelName: string;
  outputs: Tensor[];
  inputs: NamedTensorMap;
  gradient?: (dys: (Tensor | null)[]) => Record<string, () => Tensor>;
  saved?: Tensor[];
}

/** A node on a way from an x to a y, and those of its inputs that depend on x. */
interface Step {
  node: TapeNode;
  inputs: [name: string, tensor: Tensor][];
}

export interface Gradients<Values extends readonly Tensor[]> {
  values: Values;
  /** As `xs`; undefined where no value depends on it. */
  grads: (Tensor | undefined)[];
}

/**
 * Values of f and their vector-Jacobian product: sum over the values of dy . df / dx, for each x.
 *
 * @param dys - One for each value; 1 by default.
 * @param take - Takes the gradient of x number `index` over once no more is added to it, while the pass goes on. Not for an x
 *   that is computed from another.
 *
 * @throws {RangeError} Inside a function that is being differentiated: gradients of gradients are not supported.
 * @throws {EngineError} NO_GRADIENT if a kernel on the way has none.
 */
export function gradients<Values extends Tensor[]>(
  f: () => Values,
  xs: readonly Tensor[],
  dys?: readonly Tensor[],
  take?: (index: number, gradient: Tensor) => void,
): Gradients<Values> {
  const tape: TapeNode[] = [];
  try {
    const values = record(f, tape);
    try {
      return { values, grads: tidy(() => backward(stepsBetween(tape, xs, values), xs, values, { dys, take })) };
    } catch (error) {
      dispose(values);
      throw error;
    }
  } finally {
    for (const node of tape) free(node);
  }
}

/**
 * f(), off the tape that may be recording: no gradient flows through it, and of what it makes only its result stays, as if it
 * were given.
 */
export function withoutTape<Result extends Tensor>(f: () => Result): Result {
  const { state } = engine();
  const depth = state.gradientDepth;
  state.gradientDepth = 0;
  try {
    return tidy(f);
  } finally {
    state.gradientDepth = depth;
  }
}

let asked: ReadonlySet<string> | undefined;

/** While a gradient function runs: whether the gradient of the input of this name will be asked for. */
export const isAsked = (name: string): boolean => asked?.has(name) ?? true;

function record<Values extends Tensor[]>(f: () => Values, tape: TapeNode[]): Values {
  const { state } = engine();
  if (state.gradientDepth > 0) throw new RangeError("gradients of gradients are not supported");
  const outer = state.activeTape; // the tape of a gradient function that recomputes
  state.activeTape = tape as typeof outer;
  state.gradientDepth++;
  try {
    return tidy(f);
  } finally {
    state.gradientDepth--;
    state.activeTape = outer;
  }
}

/** The nodes between xs and ys, last first. */
function stepsBetween(tape: TapeNode[], xs: readonly Tensor[], ys: readonly Tensor[]): Step[] {
  const dependsOnX = new Set(xs.map(({ id }) => id));
  const forward = tape.flatMap((node): Step[] => {
    const inputs = Object.entries(node.inputs).filter(([, input]) => dependsOnX.has(input.id));
    if (inputs.length === 0) return [];
    for (const { id } of node.outputs) dependsOnX.add(id);
    return [{ node, inputs }];
  });
  const leadsToY = new Set(ys.map(({ id }) => id));
  return forward.reverse().filter(({ node, inputs }) => {
    if (!node.outputs.some(({ id }) => leadsToY.has(id))) return false;
    for (const [, { id }] of inputs) leadsToY.add(id);
    return true;
  });
}

function backward(
  steps: Step[],
  xs: readonly Tensor[],
  ys: readonly Tensor[],
  { dys, take }: { dys: readonly Tensor[] | undefined; take: ((index: number, gradient: Tensor) => void) | undefined },
): (Tensor | undefined)[] {
  const wanted = new Set(xs.map(({ id }) => id));
  const places = new Map(xs.map(({ id }, i) => [id, i]));
  const usesLeft = countUses(steps);
  const dyOf = new Map(ys.map((y, i) => [y.id, dys?.[i]?.clone() ?? onesLike(y)]));
  for (const { node, inputs } of steps) {
    const dxs = tidy(() => {
      const dys = node.outputs.map(({ id, shape }) => dyOf.get(id) ?? fill(shape, 0)); // tfjs would write its zeros from the host
      return inputGradients(node, inputs, dys);
    });
    for (const [i, [, { id }]] of inputs.entries()) {
      const [sofar, dx] = [dyOf.get(id), dxs[i]!];
      dyOf.set(id, sofar ? add(sofar, dx) : dx);
      if (sofar) for (const part of [sofar, dx]) part.dispose();
      const left = usesLeft.get(id)! - 1;
      usesLeft.set(id, left);
      if (left > 0 || !take || !wanted.has(id)) continue;
      take(places.get(id)!, keep(dyOf.get(id)!));
      dyOf.delete(id);
    }
    for (const { id } of node.outputs.filter(({ id }) => !wanted.has(id))) {
      dyOf.get(id)?.dispose();
      dyOf.delete(id);
    }
    free(node);
  }
  return xs.map(({ id }) => dyOf.get(id));
}

/** How often each tensor is an input, by its id. */
function countUses(steps: readonly Step[]): Map<number, number> {
  const uses = new Map<number, number>();
  for (const { inputs } of steps) for (const [, { id }] of inputs) uses.set(id, (uses.get(id) ?? 0) + 1);
  return uses;
}

/** The gradients, copied where a gradient function returned dy itself or one tensor for two inputs, so that each is freed alone. */
function inputGradients(node: TapeNode, inputs: Step["inputs"], dys: Tensor[]): Tensor[] {
  if (!node.gradient) {
    throw new EngineError("NO_GRADIENT", {
      message: `The kernel ${node.kernelName} has no gradient`,
      hint: "Register one with registerGradient, or keep the kernel out of the differentiated function.",
      kernel: node.kernelName,
    });
  }
  const outer = asked;
  asked = new Set(inputs.map(([name]) => name));
  const dxs: Tensor[] = [];
  try {
    const gradientOf = node.gradient(dys);
    for (const [name] of inputs) dxs.push(gradientOf[name]!());
  } finally {
    asked = outer;
  }
  const taken = new Set(dys.map(({ id }) => id));
  return inputs.map(([name, input], i) => {
    const dx = dxs[i]!;
    if (String(dx.shape) !== String(input.shape)) {
      throw new RangeError(
        `The gradient of ${node.kernelName} with respect to ${name} [${input.shape}] has the shape [${dx.shape}]`,
      );
    }
    const own = taken.has(dx.id) ? dx.clone() : dx;
    taken.add(own.id);
    return own;
  });
}

function free({ saved = [] }: TapeNode): void {
  for (const tensor of saved) tensor.dispose();
}

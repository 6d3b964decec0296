import type { Variable } from "@tensorflow/tfjs-core";
import { adamwUpdate } from "@videor1/engine";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";
import type { Gradients } from "./gradients.ts";
import {
  createMoments,
  disposeMoments,
  type MomentOptions,
  type Moments,
  momentStorage,
  momentTensors,
  namesWithMoments,
  readMoments,
} from "./moments.ts";
import type { Slice } from "./sharded/slices.ts";

export interface AdamWOptions extends MomentOptions {
  beta1: number;
  beta2: number;
  eps: number;
  weightDecay: number;
  /** Parameters whose name contains one of these have no weight decay; default: all have, as in torch. */
  noDecay?: readonly string[] | undefined;
}

export interface AdamW {
  /**
   * One update of every parameter that has a gradient; the others keep value, moments and step count. Nothing but moments is
   * added to the memory.
   *
   * @param factor - The gradients are multiplied by it first, in float32; default 1.
   */
  step(grads: Readonly<Gradients>, learningRate: number, factor?: number): void;
  /**
   * `{name}.exp_avg`, `{name}.exp_avg_sq` (F32) and `{name}.step` (I32) of every parameter updated so far; in 8 bits U8, and F32
   * `_absmax` of both. Their data is read when it is written, float32 on the torch backend without a copy in JavaScript.
   */
  state(): SafetensorsTensor[];
  /** Replaces the state by one that `state` wrote: on one rank, or on several, each into a file of its own. */
  restore(files: readonly SafetensorsFile[]): void;
  dispose(): void;
}

/** A part of what AdamW updates. */
export interface AdamWSlices {
  /** The flat range of a parameter that is updated; gradients, moments and remainders are of it alone. */
  sliceOf(name: string): Slice;
}

/**
 * AdamW with decoupled weight decay; moments are made at a parameter's first gradient.
 * p <- p (1 - lr wd) - lr m^ / (sqrt(v^) + eps), with m^, v^ corrected for their start at 0.
 *
 * @param params - Updated in place, at the same address.
 * @param remainders - Of bfloat16 parameters that are updated as float32, by name: the 16 bits that they lack; see
 * `splitFloat32`. Updated with them.
 * @param slices - Default: all of every parameter is updated.
 * @throws {RangeError} If an entry of `noDecay` or `float32Moments` is part of no parameter's name.
 * @see arXiv:1711.05101 algorithm 2; pytorch/pytorch v2.9.0 torch/optim/adamw.py
 */
export function adamw(
  params: Readonly<Record<string, Variable>>,
  options: AdamWOptions,
  remainders: Readonly<Record<string, Variable>> = {},
  slices?: AdamWSlices,
): AdamW {
  const { beta1, beta2, eps, weightDecay, noDecay = [], float32Moments } = options;
  const moments = new Map<string, Moments>();
  const names = Object.keys(params);
  for (const [option, parts] of Object.entries({ noDecay, float32Moments: float32Moments ?? [] })) {
    const stray = parts.find((part) => !names.some((name) => name.includes(part)));
    if (stray !== undefined)
      throw new RangeError(`optimizer.${option}: "${stray}" is in the name of none of the ${names.length} parameters`);
  }

  const storageOf = (name: string) => momentStorage(name, params[name]!.size, options);

  const firstOf = (name: string) => slices && { first: slices.sliceOf(name).first };

  function parameter(name: string, where: string): Variable {
    const found = params[name];
    if (!found)
      throw new RangeError(`adamw: ${where} names "${name}", which is none of the ${names.length} parameters`);
    return found;
  }

  function momentsOf(name: string): Moments {
    const known = moments.get(name);
    if (known) return known;
    const shape = slices ? [slices.sliceOf(name).count] : params[name]!.shape;
    const fresh = createMoments(shape, storageOf(name));
    moments.set(name, fresh);
    return fresh;
  }

  function dispose() {
    for (const held of moments.values()) disposeMoments(held);
    moments.clear();
  }

  return {
    step(grads, learningRate, factor = 1) {
      for (const name of Object.keys(grads)) parameter(name, "a gradient");
      for (const [name, gradient] of Object.entries(grads)) {
        const state = momentsOf(name);
        state.step += 1;
        const decay = noDecay.some((part) => name.includes(part)) ? 0 : weightDecay;
        const update = {
          learningRate,
          beta1,
          beta2,
          eps,
          weightDecay: decay,
          step: state.step,
          factor,
          ...firstOf(name),
        };
        const [weight, remainder] = [params[name]!, remainders[name]];
        adamwUpdate(remainder ? { weight, remainder } : weight, gradient, state.m, state.v, update);
      }
    },
    state: () => [...moments].flatMap(([name, held]) => momentTensors(name, held)),
    restore(files) {
      dispose();
      for (const name of namesWithMoments(files)) {
        const { shape } = parameter(name, files[0]!.path);
        const slice = slices?.sliceOf(name);
        if (slice?.count === 0) continue;
        moments.set(name, readMoments(files, name, { shape, slice, storage: storageOf(name) }));
      }
    },
    dispose,
  };
}

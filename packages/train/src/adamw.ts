import { tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { adamwUpdate, readTensor, tensorData } from "@videor1/engine";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";
import type { Gradients } from "./gradients.ts";

export interface AdamWOptions {
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
   * `{name}.exp_avg`, `{name}.exp_avg_sq` (F32) and `{name}.step` (I32) of every parameter updated so far. Their data is read
   * when it is written, on the torch backend without a copy in JavaScript.
   */
  state(): SafetensorsTensor[];
  /** Replaces the state by one that `state` wrote. */
  restore(file: SafetensorsFile): void;
  dispose(): void;
}

interface Moments {
  m: Variable;
  v: Variable;
  step: number;
}

/**
 * AdamW with decoupled weight decay; moments are made at a parameter's first gradient.
 * p <- p (1 - lr wd) - lr m^ / (sqrt(v^) + eps), with m^, v^ corrected for their start at 0.
 *
 * @param params - Updated in place, at the same address.
 * @param remainders - Of bfloat16 parameters that are updated as float32, by name: the 16 bits that they lack; see
 * `splitFloat32`. Updated with them.
 * @throws {RangeError} If an entry of `noDecay` is part of no parameter's name.
 * @see arXiv:1711.05101 algorithm 2; pytorch/pytorch v2.9.0 torch/optim/adamw.py
 */
export function adamw(
  params: Readonly<Record<string, Variable>>,
  options: AdamWOptions,
  remainders: Readonly<Record<string, Variable>> = {},
): AdamW {
  const { beta1, beta2, eps, weightDecay, noDecay = [] } = options;
  const moments = new Map<string, Moments>();
  const names = Object.keys(params);
  const stray = noDecay.find((part) => !names.some((name) => name.includes(part)));
  if (stray !== undefined)
    throw new RangeError(`optimizer.noDecay: "${stray}" is in the name of none of the ${names.length} parameters`);

  function parameter(name: string, where: string): Variable {
    const found = params[name];
    if (!found)
      throw new RangeError(`adamw: ${where} names "${name}", which is none of the ${names.length} parameters`);
    return found;
  }

  function momentsOf(name: string): Moments {
    const known = moments.get(name);
    if (known) return known;
    const moment = () => tidy(() => variable(zeros(params[name]!.shape), false));
    const fresh = { m: moment(), v: moment(), step: 0 };
    moments.set(name, fresh);
    return fresh;
  }

  function dispose() {
    for (const { m, v } of moments.values()) {
      m.dispose();
      v.dispose();
    }
    moments.clear();
  }

  return {
    step(grads, learningRate, factor = 1) {
      for (const name of Object.keys(grads)) parameter(name, "a gradient");
      for (const [name, gradient] of Object.entries(grads)) {
        const state = momentsOf(name);
        state.step += 1;
        const decay = noDecay.some((part) => name.includes(part)) ? 0 : weightDecay;
        const update = { learningRate, beta1, beta2, eps, weightDecay: decay, step: state.step, factor };
        const [weight, remainder] = [params[name]!, remainders[name]];
        adamwUpdate(remainder ? { weight, remainder } : weight, gradient, state.m, state.v, update);
      }
    },
    state: () =>
      [...moments].flatMap(([name, { m, v, step }]) => [
        { name: `${name}.exp_avg`, dtype: "F32", shape: m.shape, data: tensorData(m, "F32") },
        { name: `${name}.exp_avg_sq`, dtype: "F32", shape: v.shape, data: tensorData(v, "F32") },
        { name: `${name}.step`, dtype: "I32", shape: [], data: Int32Array.of(step) },
      ]),
    restore(file) {
      dispose();
      for (const key of file.names.filter((name) => name.endsWith(".step"))) {
        const name = key.slice(0, -".step".length);
        const { shape } = parameter(name, file.path);
        const read = (suffix: string) => {
          const stored = file.info(name + suffix).shape;
          if (String(stored) !== String(shape))
            throw new RangeError(`adamw: ${file.path} holds ${name}${suffix} [${stored}], the parameter is [${shape}]`);
          return tidy(() => variable(readTensor(file, name + suffix), false));
        };
        moments.set(name, { m: read(".exp_avg"), v: read(".exp_avg_sq"), step: file.read(key)[0]! });
      }
    },
    dispose,
  };
}

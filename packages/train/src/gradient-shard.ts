import type { Tensor } from "@tensorflow/tfjs-core";
import { copyFloats, sumOfFloats } from "@videor1/engine";
import { checkGradient, givenTwice, type SumRequest } from "./collective.ts";
import type { Gradients } from "./gradients.ts";

/** Place of each parameter's gradient in a shard; equal in all threads with the same parameters. */
export interface GradientLayout {
  names: readonly string[];
  shapes: readonly (readonly number[])[];
  /** First element of each parameter; one more entry for the end. */
  offsets: readonly number[];
}

/** The gradients of one part of the batch, in memory that threads share. */
export interface GradientShard {
  /** [number of parameters] 1 where the parameter has a gradient. */
  present: Uint8Array;
  /** [number of elements] not read where it has none. */
  values: Float32Array;
}

/** Parameters in order of name, so that threads agree whatever order they made them in. */
export function gradientLayout(params: SumRequest["like"]): GradientLayout {
  const names = Object.keys(params).sort();
  const shapes = names.map((name) => params[name]!.shape);
  const offsets = [0];
  for (const shape of shapes) offsets.push(offsets.at(-1)! + shape.reduce((count, size) => count * size, 1));
  return { names, shapes, offsets };
}

/** Bytes of the SharedArrayBuffer that holds `count` shards. */
export function shardBytes(layout: GradientLayout, count: number): number {
  return count * (4 * layout.offsets.at(-1)! + presentBytes(layout));
}

/** The views of shard `index` in the shared memory; cheap, each thread makes its own. */
export function gradientShard(layout: GradientLayout, memory: SharedArrayBuffer, index: number): GradientShard {
  const start = index * shardBytes(layout, 1);
  const size = layout.offsets.at(-1)!;
  return {
    values: new Float32Array(memory, start, size),
    present: new Uint8Array(memory, start + 4 * size, layout.names.length),
  };
}

/** Says that a shard holds no gradient yet. */
export const clearShard = ({ present }: GradientShard): void => void present.fill(0);

/**
 * Writes a gradient into a shard.
 *
 * @throws {RangeError} If its name or shape is not in the layout, or the shard has it already.
 */
export function packGradient(layout: GradientLayout, name: string, gradient: Tensor, shard: GradientShard): void {
  const i = layout.names.indexOf(name);
  checkGradient(name, gradient, i < 0 ? {} : { [name]: { shape: layout.shapes[i]! } });
  if (shard.present[i] === 1) throw givenTwice(name);
  shard.present[i] = 1;
  copyFloats(gradient, shard.values.subarray(layout.offsets[i]!, layout.offsets[i + 1]!));
}

/**
 * The sum of the shards in their order, in float32, as tensors that the caller owns. A gradient that a shard lacks is left
 * out of its sum; one that all lack is absent. The result depends on the shards alone, not on which thread filled them.
 */
export function sumShards(layout: GradientLayout, shards: readonly GradientShard[]): Gradients {
  const entries: [string, Tensor][] = [];
  for (const [i, name] of layout.names.entries()) {
    const parts = shards
      .filter(({ present }) => present[i] === 1)
      .map(({ values }) => values.subarray(layout.offsets[i]!, layout.offsets[i + 1]!));
    if (parts.length > 0) entries.push([name, sumOfFloats(parts, layout.shapes[i]!)]);
  }
  return Object.fromEntries(entries);
}

/** One byte per parameter, rounded up so that the next shard's floats are aligned. */
const presentBytes = ({ names }: GradientLayout) => 4 * Math.ceil(names.length / 4);

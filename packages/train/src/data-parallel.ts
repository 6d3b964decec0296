import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Gradients } from "./gradients.ts";

/** Where each parameter's gradient lies in a shard; the same in every thread that has the same parameters. */
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
  /** [number of elements] zeros where it has none. */
  values: Float32Array;
}

/** Parameters in order of name, so that threads agree whatever order they made them in. */
export function gradientLayout(params: Readonly<Record<string, { shape: readonly number[] }>>): GradientLayout {
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

/**
 * Writes gradients into a shard.
 *
 * @throws {RangeError} If a gradient's name or size is not in the layout.
 */
export function packGradients(layout: GradientLayout, grads: Readonly<Gradients>, shard: GradientShard): void {
  const known = new Set(layout.names);
  const unknown = Object.keys(grads).find((name) => !known.has(name));
  if (unknown !== undefined) throw new RangeError(`packGradients: "${unknown}" is not in the layout`);
  shard.values.fill(0);
  for (const [i, name] of layout.names.entries()) {
    const gradient = grads[name];
    shard.present[i] = Number(gradient !== undefined);
    if (!gradient) continue;
    const [begin, end] = [layout.offsets[i]!, layout.offsets[i + 1]!];
    if (gradient.size !== end - begin)
      throw new RangeError(`packGradients: "${name}" has ${gradient.size} elements, the layout has ${end - begin}`);
    shard.values.set(gradient.dataSync() as Float32Array, begin);
  }
}

/** The gradients of a shard as tensors, owned by the caller. */
export function unpackGradients(layout: GradientLayout, shard: GradientShard): Gradients {
  const entries: [string, Tensor][] = [];
  for (const [i, name] of layout.names.entries()) {
    if (!shard.present[i]) continue;
    const values = shard.values.slice(layout.offsets[i]!, layout.offsets[i + 1]!);
    entries.push([name, tensor(values, [...layout.shapes[i]!], "float32")]);
  }
  return Object.fromEntries(entries);
}

/**
 * Mean of the shards into `target`: sum in shard order, in float64, times `scale`. A gradient that a shard lacks is
 * zero there; one that all lack is absent. The result depends on the shards alone, not on which thread filled them.
 *
 * @param target - May be one of the shards.
 * @param scale - Default 1 / number of shards; 1 gives the sum.
 * @throws {RangeError} If there are no shards.
 */
export function averageShards(
  shards: readonly GradientShard[],
  target: GradientShard,
  scale: number = 1 / shards.length,
): void {
  if (shards.length === 0) throw new RangeError("averageShards: there are no shards");
  const sum = new Float64Array(Math.min(blockSize, target.values.length));
  for (let begin = 0; begin < target.values.length; begin += blockSize) {
    const end = Math.min(begin + blockSize, target.values.length);
    sum.fill(0);
    for (const { values } of shards) for (let i = begin; i < end; i++) sum[i - begin]! += values[i]!;
    for (let i = begin; i < end; i++) target.values[i] = sum[i - begin]! * scale;
  }
  for (let i = 0; i < target.present.length; i++)
    target.present[i] = Number(shards.some(({ present }) => present[i] === 1));
}

const blockSize = 4096; // elements; their float64 sums stay in the cache

/** One byte per parameter, rounded up so that the next shard's floats are aligned. */
const presentBytes = ({ names }: GradientLayout) => 4 * Math.ceil(names.length / 4);

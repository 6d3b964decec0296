import {
  concat,
  reshape,
  type Tensor,
  type Tensor1D,
  tidy,
  type Variable,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import {
  codedMoment,
  codedMomentBytes,
  codedMomentTensors,
  createCodedMoment,
  type Moment,
  readTensor,
  tensorData,
} from "@videor1/engine";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";
import { type SavedPart, savedParts } from "./saved-slices.ts";
import { type Slice, sliceGrain } from "./sharded/slices.ts";

/** What AdamW keeps of a parameter. */
export interface Moments {
  m: Moment;
  v: Moment;
  /** Updates made. */
  step: number;
}

/** How they are stored: in float32, or in codes of 8 bits with a float32 for each 256 of them. */
export type MomentStorage = "float32" | "int8";

export interface MomentOptions {
  /** How moments are stored, but for those of `float32Moments` and of less than 4,096 elements; default float32. */
  moments?: MomentStorage | undefined;
  /**
   * Parameters whose name contains one of these keep float32 moments; default: embeddings and heads, `embed_tokens` and
   * `lm_head`, most rows of which have no gradient in most steps.
   */
  float32Moments?: readonly string[] | undefined;
}

/** Smaller parameters have float32 moments, as bitsandbytes' `min_8bit_size`. */
const smallestCoded = 4096;

const embeddings = ["embed_tokens", "lm_head"];

/** How the moments of a parameter are stored. */
export function momentStorage(
  name: string,
  size: number,
  { moments = "float32", float32Moments = embeddings }: MomentOptions,
): MomentStorage {
  return size < smallestCoded || float32Moments.some((part) => name.includes(part)) ? "float32" : moments;
}

/** Bytes of both moments of a parameter, in memory and in a checkpoint. */
export const momentBytes = (size: number, storage: MomentStorage): number =>
  2 * (storage === "int8" ? codedMomentBytes(size) : 4 * size);

const suffixes = { m: ".exp_avg", v: ".exp_avg_sq" } as const;
const keep = (make: () => Tensor): Variable => tidy(() => variable(make(), false));

export function createMoments(shape: readonly number[], storage: MomentStorage): Moments {
  const make = (kind: "m" | "v") =>
    storage === "int8" ? createCodedMoment(kind, shape) : keep(() => zeros([...shape]));
  return { m: make("m"), v: make("v"), step: 0 };
}

/** `{name}.exp_avg`, `{name}.exp_avg_sq` and `{name}.step`, and with codes `_absmax` of the first two. */
export function momentTensors(name: string, { m, v, step }: Moments): SafetensorsTensor[] {
  const tensorsOf = (moment: Moment, name: string): SafetensorsTensor[] =>
    "codes" in moment
      ? codedMomentTensors(name, moment)
      : [{ name, dtype: "F32", shape: moment.shape, data: tensorData(moment, "F32") }];
  return [
    ...tensorsOf(m, name + suffixes.m),
    ...tensorsOf(v, name + suffixes.v),
    { name: `${name}.step`, dtype: "I32", shape: [], data: Int32Array.of(step) },
  ];
}

/** The parameters of files that `momentTensors` filled. */
export const namesWithMoments = (files: readonly SafetensorsFile[]): string[] => {
  const ends = files.flatMap(({ names }) => names.filter((name) => name.endsWith(".step")));
  return [...new Set(ends)].map((name) => name.slice(0, -".step".length));
};

export interface SavedMoments {
  /** Of the parameter. */
  shape: readonly number[];
  /** The elements to read; default all. */
  slice?: Slice | undefined;
  storage: MomentStorage;
}

/**
 * What `momentTensors` wrote, on however many ranks.
 *
 * @throws {RangeError} If the moments are of another shape, or stored in another way.
 */
export function readMoments(
  files: readonly SafetensorsFile[],
  name: string,
  { shape, slice, storage }: SavedMoments,
): Moments {
  const wanted = slice ?? { first: 0, count: shape.reduce((product, length) => product * length, 1) };
  const target = slice ? [slice.count] : [...shape];
  const partsOf = (kind: "m" | "v") =>
    savedParts(files, { parameter: name, stored: name + suffixes[kind], shape }, wanted);
  const read = (kind: "m" | "v"): Moment => {
    const stored = name + suffixes[kind];
    const parts = partsOf(kind);
    for (const { file } of parts) {
      const found = file.info(stored).dtype === "U8" ? "int8" : "float32";
      if (found !== storage)
        throw new RangeError(
          `adamw: ${file.path} holds ${stored} in ${found}, optimizer.moments asks for ${storage}: go on with the settings that the run was begun with`,
        );
    }
    if (storage === "int8") return codedMoment(kind, target, readCodes(parts, stored));
    return keep(() => reshape(concat(parts.map((part) => readPart(part, stored))), target));
  };
  const [{ file }] = partsOf("m") as [SavedPart];
  return { m: read("m"), v: read("v"), step: file.read(`${name}.step`)[0]! };
}

/** [count] */
export const readPart = ({ file, from, count }: SavedPart, stored: string): Tensor1D =>
  readTensor(file, stored, "float32", { first: from, count }) as Tensor1D;

function readCodes(parts: readonly SavedPart[], stored: string): { codes: Uint8Array; absmax: Float32Array } {
  const block = sliceGrain;
  const codes = parts.map(({ file, from, count }) => file.read(stored).subarray(from, from + count));
  const absmax = parts.map(({ file, from, count }) =>
    file.read(`${stored}_absmax`).subarray(from / block, Math.ceil((from + count) / block)),
  );
  return { codes: joined(Uint8Array, codes), absmax: joined(Float32Array, absmax) };
}

function joined<T extends Uint8Array | Float32Array>(
  Type: new (length: number) => T,
  arrays: readonly ArrayLike<number>[],
): T {
  const all = new Type(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

export function disposeMoments({ m, v }: Moments): void {
  for (const moment of [m, v])
    for (const variable of "codes" in moment ? [moment.codes, moment.absmax] : [moment]) variable.dispose();
}

import { type Tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import {
  codedMomentBytes,
  codedMomentTensors,
  createCodedMoment,
  type Moment,
  readCodedMoment,
  readTensor,
  tensorData,
} from "@videor1/engine";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";

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

/** The parameters of a file that `momentTensors` filled. */
export const namesWithMoments = (file: SafetensorsFile): string[] =>
  file.names.filter((name) => name.endsWith(".step")).map((name) => name.slice(0, -".step".length));

/**
 * What `momentTensors` wrote.
 *
 * @throws {RangeError} If the moments are of another shape, or stored in another way.
 */
export function readMoments(
  file: SafetensorsFile,
  name: string,
  { shape, storage }: { shape: readonly number[]; storage: MomentStorage },
): Moments {
  const read = (kind: "m" | "v"): Moment => {
    const stored = name + suffixes[kind];
    const found = file.info(stored);
    if (String(found.shape) !== String(shape))
      throw new RangeError(`adamw: ${file.path} holds ${stored} [${found.shape}], the parameter is [${shape}]`);
    const foundStorage = found.dtype === "U8" ? "int8" : "float32";
    if (foundStorage !== storage)
      throw new RangeError(
        `adamw: ${file.path} holds ${stored} in ${foundStorage}, optimizer.moments asks for ${storage}: go on with the settings that the run was begun with`,
      );
    return storage === "int8" ? readCodedMoment(kind, file, stored) : keep(() => readTensor(file, stored));
  };
  return { m: read("m"), v: read("v"), step: file.read(`${name}.step`)[0]! };
}

export function disposeMoments({ m, v }: Moments): void {
  for (const moment of [m, v])
    for (const variable of "codes" in moment ? [moment.codes, moment.absmax] : [moment]) variable.dispose();
}

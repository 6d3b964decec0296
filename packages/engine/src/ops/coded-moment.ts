import { type Tensor, tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import type { SafetensorsTensor } from "@videor1/safetensors";
import { blockCount, blockSize, codeMaps, decode, encode, leastShare, zeroCodes } from "./dynamic-codes.ts";

/** A moment of AdamW in 1 + 4 / 256 bytes an element; see dynamic-codes.ts. */
export interface CodedMoment {
  kind: "m" | "v";
  /** In the shape of the parameter; a bool tensor, tfjs' only one of one byte, whose bytes are the codes. */
  codes: Variable;
  /** [blocks] in memory order. */
  absmax: Variable;
}

const bytes = (values: Uint8Array, shape: readonly number[]) => tensor(values, [...shape], "bool");
const keep = (make: () => ReturnType<typeof tensor>) => tidy(() => variable(make(), false));

/** Bytes of a moment of so many elements. */
export const codedMomentBytes = (size: number): number => size + 4 * blockCount(size);

/** A moment that is 0 in every element. */
export function createCodedMoment(kind: "m" | "v", shape: readonly number[]): CodedMoment {
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    kind,
    codes: keep(() => bytes(zeroCodes(codeMaps[kind], size), shape)),
    absmax: keep(() => zeros([blockCount(size)])),
  };
}

/** `{name}` (U8) and `{name}_absmax` (F32), as `writeSafetensors` takes them. */
export const codedMomentTensors = (name: string, { codes, absmax }: CodedMoment): SafetensorsTensor[] => [
  { name, dtype: "U8", shape: codes.shape, data: () => codesOf(codes) },
  { name: `${name}_absmax`, dtype: "F32", shape: absmax.shape, data: () => absmax.dataSync<"float32">() },
];

/** A moment of these codes and scales. */
export const codedMoment = (
  kind: "m" | "v",
  shape: readonly number[],
  { codes, absmax }: { codes: Uint8Array; absmax: Float32Array },
): CodedMoment => ({ kind, codes: keep(() => bytes(codes, shape)), absmax: keep(() => tensor(absmax)) });

/** The moment in float32, in a variable of its own. */
export const decodeMoment = ({ kind, codes, absmax }: CodedMoment): Variable =>
  keep(() => tensor(decode(codeMaps[kind], codesOf(codes), absmax.dataSync<"float32">()), codes.shape, "float32"));

/** [elements] the least that a second moment may become in an update. */
export function leastValues({ codes, absmax }: CodedMoment, beta2: number): Tensor {
  const ofBlock = absmax.dataSync<"float32">().map((value) => beta2 * leastShare * value);
  const values = Float32Array.from({ length: codes.size }, (_, i) => ofBlock[Math.floor(i / blockSize)]!);
  return tensor(values, codes.shape);
}

/** Sets a moment to float32 values. */
export function encodeMoment({ kind, codes, absmax }: CodedMoment, values: Variable): void {
  const coded = encode(codeMaps[kind], values.dataSync<"float32">());
  tidy(() => {
    codes.assign(bytes(coded.codes, codes.shape));
    absmax.assign(tensor(coded.absmax));
  });
}

const codesOf = (codes: Variable) => codes.dataSync() as unknown as Uint8Array;

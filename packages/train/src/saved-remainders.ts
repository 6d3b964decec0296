import { concat, reshape, tidy, type Variable } from "@tensorflow/tfjs-core";
import { remainderData } from "@videor1/engine";
import type { SafetensorsFile, SafetensorsTensor } from "@videor1/safetensors";
import { readPart } from "./moments.ts";
import { savedParts } from "./saved-slices.ts";
import type { Slice } from "./sharded/slices.ts";

const suffix = ".remainder";

/** `{name}.remainder` (I16): what bfloat16 weights lack of float32, where the model's files have the weights that compute. */
export const remainderTensors = (remainders: Readonly<Record<string, Variable>>): SafetensorsTensor[] =>
  Object.entries(remainders).map(([name, remainder]) => ({
    name: name + suffix,
    dtype: "I16",
    shape: remainder.shape,
    data: remainderData(remainder),
  }));

/**
 * Sets remainders to what `remainderTensors` wrote, on however many ranks. A checkpoint without them has float32 weights in the model's
 * files, from which `remainders` come.
 *
 * @param shapeOf - Of a whole parameter. @param sliceOf - The elements that its remainder is of.
 * @throws {RangeError} If the files have remainders that the run has no place for.
 */
export function restoreRemainders(
  files: readonly SafetensorsFile[],
  remainders: Readonly<Record<string, Variable>>,
  { shapeOf, sliceOf }: { shapeOf(name: string): readonly number[]; sliceOf(name: string): Slice },
): void {
  const saved = files.find(({ names }) => names.some((name) => name.endsWith(suffix)));
  if (!saved) return;
  if (Object.keys(remainders).length === 0)
    throw new RangeError(
      `adamw: ${saved.path} holds weights in bfloat16 and what they lack of float32: go on with dtype bfloat16`,
    );
  for (const [name, remainder] of Object.entries(remainders)) {
    const stored = name + suffix;
    const parts = savedParts(files, { parameter: name, stored, shape: shapeOf(name) }, sliceOf(name));
    tidy(() => remainder.assign(reshape(concat(parts.map((part) => readPart(part, stored))), remainder.shape)));
  }
}

import { dispose, type Variable } from "@tensorflow/tfjs-core";
import { emptyBytes, type ProcessGroup, packRanges, unpackRanges } from "@videor1/engine";
import type { Gradients } from "../gradients.ts";
import type { Bucket } from "./bucket-layout.ts";

interface Gathering {
  bucket: Bucket;
  input: Variable;
  output: Variable;
  done: Promise<void>;
}

interface GatherOptions {
  names: ReadonlySet<string>;
  update?(name: string): void;
  slices?: Readonly<Gradients>;
}

/**
 * Updates this rank's slices of parameters, and brings those of the others, so that every rank has all again. A bucket travels while
 * the next one is updated.
 *
 * @param names - The parameters that change; on every rank the same.
 * @param update - Updates this rank's slice of one parameter.
 * @param slices - This rank's slices, where the parameters do not hold them.
 */
export async function gatherSlices(
  group: ProcessGroup,
  buckets: readonly Bucket[],
  parameters: Readonly<Record<string, Variable>>,
  { names, update, slices }: GatherOptions,
): Promise<void> {
  const { rank, size: ranks } = group;
  let before: Gathering | undefined;

  async function receive({ bucket, input, output, done }: Gathering): Promise<void> {
    try {
      await done;
      for (const { name, at, from, stride, length } of bucket.places)
        if (names.has(name)) unpackRanges(parameters[name]!, output, { at, first: from, stride, length });
    } finally {
      dispose([input, output]);
    }
  }

  for (const bucket of buckets) {
    const places = bucket.places.filter(({ name }) => names.has(name));
    if (places.length === 0) continue;
    const input = emptyBytes(1, bucket.width);
    for (const { name, at, from, stride, length, isWide } of places) {
      if (from === 0) update?.(name);
      const [held, first] = slices ? [slices[name], 0] : [parameters[name]!, rank * stride];
      if (held) packRanges(input, held, { at, first: first + from, stride, length }, isWide);
    }
    const output = emptyBytes(ranks, bucket.width);
    const done = group.allGather(output, input);
    done.catch(() => {}); // whoever awaits it is told
    const under = { bucket, input, output, done };
    if (before) await receive(before);
    before = under;
  }
  if (before) await receive(before);
}

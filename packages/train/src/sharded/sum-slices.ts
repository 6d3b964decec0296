import { dispose } from "@tensorflow/tfjs-core";
import type { ProcessGroup } from "@videor1/engine";
import type { Collective, SumRequest } from "../collective.ts";
import { gradientSum } from "../gradient-sum.ts";
import { type ErrorFields, errorFields, WorkerError } from "../worker-error.ts";
import type { Bucket } from "./bucket-layout.ts";
import { gradientExchange, type SliceSums } from "./gradient-exchange.ts";

export interface SumSlicesOptions {
  group: ProcessGroup;
  collective: Pick<Collective, "gather">;
  buckets: readonly Bucket[];
  onStart?: ((bucket: number) => void) | undefined;
}

/**
 * This rank's slices of the sum over all parts: as `Collective.sum`, part after part in float32, whose bytes they have. Rank
 * part % ranks computes part `part`, and gives its gradients away while the pass that computes them goes on.
 *
 * @throws What an addend throws, on every rank; or what the group throws.
 */
export async function sumSlices(
  { like, count, addend }: SumRequest,
  { group, collective, buckets, onStart }: SumSlicesOptions,
): Promise<SliceSums> {
  const { rank, size } = group;
  const { begin, sums } = gradientExchange(group, buckets, onStart);
  let failure: { error: unknown } | undefined;
  try {
    for (let first = 0; first < count; first += size) {
      const round = begin(like);
      const part = first + rank;
      if (part < count && !failure) failure = await failureOf(() => addend(part, round.take));
      await round.end();
    }
    await agree(collective, rank, failure);
    return sums;
  } catch (error) {
    dispose(sums.grads);
    throw error;
  }
}

/**
 * The same, but a rank adds its own parts up before it gives their sum away, once: less traffic for more memory. The order of the
 * additions is another one.
 */
export async function sumOwnFirst(
  { like, count, addend }: SumRequest,
  { group, collective, buckets, onStart }: SumSlicesOptions,
): Promise<SliceSums> {
  const { rank, size } = group;
  const { begin, sums } = gradientExchange(group, buckets, onStart);
  const round = begin(like);
  const parts: number[] = [];
  for (let part = rank; part < count; part += size) parts.push(part);
  const own = gradientSum(like, parts.length);
  const giveAway = (name: string): void => {
    const sum = own.total[name]!;
    delete own.total[name];
    round.take(name, sum);
  };
  let failure: { error: unknown } | undefined;
  try {
    for (const part of parts) {
      const add = own.begin();
      const isLast = part + size >= count;
      failure ??= await failureOf(() =>
        addend(part, (name, gradient) => {
          add(name, gradient);
          if (isLast) giveAway(name);
        }),
      );
    }
    if (!failure) for (const name of Object.keys(own.total)) giveAway(name);
    await round.end();
    await agree(collective, rank, failure);
    return sums;
  } catch (error) {
    dispose(sums.grads);
    throw error;
  } finally {
    dispose(own.total);
  }
}

async function failureOf(run: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** @throws The first rank's failure, on every rank. */
async function agree(collective: Pick<Collective, "gather">, rank: number, failure: { error: unknown } | undefined) {
  const failures = await collective.gather<ErrorFields | null>(failure ? errorFields(failure.error) : null);
  const failed = failures.findIndex((fields) => fields !== null);
  if (failed >= 0) throw failed === rank ? failure!.error : new WorkerError(failures[failed]!);
}

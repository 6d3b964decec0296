import { type Batch, createLoader, type FailedExample, type LoaderOptions } from "./loader.ts";
import type { Example } from "./schema.ts";

/** Processes that read the same records in the same order, each of which loads the examples that it will use. */
export interface LoaderPeers {
  readonly rank: number;
  readonly size: number;
  /** Every process's value, in order of rank; all call it equally often. */
  gather<T>(channel: "records", value: T): Promise<T[]>;
}

/** What goes with an example, once this process asks for it: at once where it was loaded ahead. */
export type Claim<T> = () => Promise<T>;

export interface SharedLoaderOptions<T> extends LoaderOptions<T> {
  peers: LoaderPeers;
  /** The process that will probably use the example at this place of its epoch, and loads it ahead. */
  ownerOf: (position: number) => number;
}

/** The processes' records are not the same. */
export class RecordsDifferError extends Error {
  override readonly name = "RecordsDifferError";
  readonly code = "RECORDS_DIFFER";
  readonly hint = "The files that data names must be the same on all machines, and so must their media.";
}

/** What became of an example, for the other processes; absent: it was not loaded here. */
type Outcome = { failed?: { name: string; message: string; code?: unknown } };

/**
 * Batches as `createLoader` makes them, the same on all processes: each example is loaded by its owner, and whether it could be is
 * told to the others when its batch is due. A process that then uses an example of another owner, because failures have moved
 * the places, loads it itself.
 *
 * @throws {RecordsDifferError} If the processes read different examples, or one cannot load what another could.
 */
export async function* sharedLoader<T>(options: SharedLoaderOptions<T>): AsyncGenerator<Batch<Claim<T>>, void, void> {
  const { peers, load, ownerOf } = options;
  type Own = { value: T } | { reason: Error } | undefined;
  const own = createLoader<Own>({
    ...options,
    load: async (example, signal, position) =>
      ownerOf(position) % peers.size === peers.rank ? await attempt(load, example, signal, position) : undefined,
  });
  for await (const { loaded, next } of own) {
    const outcomes = loaded.map(
      ({ value }) => value && ("reason" in value ? { failed: plainError(value.reason) } : {}),
    );
    const told = peers.size === 1 ? [{ ids: [], outcomes }] : await exchange(peers, loaded, outcomes);
    const batch: Batch<Claim<T>> = { loaded: [], failed: [], next };
    for (const [i, { example, value }] of loaded.entries()) {
      const outcome = told.map(({ outcomes }) => outcomes[i]).find((outcome) => outcome !== undefined);
      if (outcome?.failed) {
        const reason = value && "reason" in value ? value.reason : Object.assign(new Error(), outcome.failed);
        batch.failed.push({ example, reason } satisfies FailedExample);
        continue;
      }
      batch.loaded.push({ example, value: claim(example, value as { value: T } | undefined) });
    }
    yield batch;
  }

  function claim(example: Example, ahead: { value: T } | undefined): Claim<T> {
    let late: ReturnType<typeof attempt<T>> | undefined;
    return async () => {
      if (ahead) return ahead.value;
      late ??= attempt(load, example, new AbortController().signal, 0);
      const loaded = await late;
      if ("value" in loaded) return loaded.value;
      throw new RecordsDifferError(
        `Record ${example.problemId} was loaded by another process, and not by rank ${peers.rank}: ${loaded.reason.message}`,
        { cause: loaded.reason },
      );
    };
  }
}

/** As `loadInOrder`, where process `n % size` owns batch n. */
export const shareInOrder = <T>({
  batchSize,
  ...options
}: Pick<SharedLoaderOptions<T>, "examples" | "load" | "batchSize" | "peers">) =>
  sharedLoader({
    ...options,
    batchSize,
    seed: 0,
    order: (_, count) => Array.from({ length: count }, (_, i) => i),
    ownerOf: (position) => Math.floor(position / batchSize),
  });

async function exchange(
  peers: LoaderPeers,
  loaded: readonly { example: Example }[],
  outcomes: readonly (Outcome | undefined)[],
) {
  const ids = loaded.map(({ example }) => example.problemId);
  const told = await peers.gather("records", { ids, outcomes });
  const other = told.findIndex(({ ids: others }) => String(others) !== String(ids));
  if (other < 0) return told;
  throw new RecordsDifferError(
    `Rank ${other} reads records ${told[other]!.ids.join(", ")} where rank ${peers.rank} reads ${ids.join(", ")}`,
  );
}

async function attempt<T>(
  load: LoaderOptions<T>["load"],
  example: Example,
  signal: AbortSignal,
  position: number,
): Promise<{ value: T } | { reason: Error }> {
  try {
    return { value: await load(example, signal, position) };
  } catch (error) {
    return { reason: error instanceof Error ? error : new Error(String(error)) };
  }
}

const plainError = (error: Error & { code?: unknown }) => ({
  name: error.name,
  message: error.message,
  ...(error.code !== undefined && { code: error.code }),
});

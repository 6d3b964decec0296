import { expect, test } from "vitest";
import { createLoader, type LoaderOptions } from "./loader.ts";
import type { Example } from "./schema.ts";
import { type LoaderPeers, RecordsDifferError, sharedLoader, shareInOrder } from "./shared-loader.ts";

const examples: Example[] = Array.from({ length: 23 }, (_, problemId) => ({
  problemId,
  problem: "q",
  problemType: "free-form",
  dataType: "video",
  options: [],
  solution: "<answer>x</answer>",
  path: `./${problemId}.mp4`,
  dataSource: "",
}));

/** Processes in this thread: each call waits for the same call of all. */
function peersOf(size: number): LoaderPeers[] {
  const turns: { values: unknown[]; resolve: (all: never[]) => void; all: Promise<never[]> }[] = [];
  return Array.from({ length: size }, (_, rank) => {
    let next = 0;
    return {
      rank,
      size,
      gather<T>(_: string, value: T): Promise<T[]> {
        if (!turns[next]) {
          let resolve!: (all: never[]) => void;
          const all = new Promise<never[]>((done) => {
            resolve = done;
          });
          turns[next] = { values: [], resolve, all };
        }
        const turn = turns[next++]!;
        turn.values[rank] = value;
        if (turn.values.filter((given) => given !== undefined).length === size) turn.resolve(turn.values as never[]);
        return turn.all;
      },
    };
  });
}

/** Records 3, 4 and 11 cannot be loaded. */
const broken = [3, 4, 11];
const options = (loads: number[]): LoaderOptions<number> => ({
  examples,
  load: async ({ problemId }) => {
    loads.push(Number(problemId));
    if (broken.includes(Number(problemId)))
      throw Object.assign(new TypeError(`no ${problemId}.mp4`), { code: "MEDIA_NOT_FOUND" });
    return Number(problemId) * 10;
  },
  batchSize: 4,
  seed: 42,
  epochs: 2,
});

/** All batches in words: loaded ids, failed ids with their reasons, and where to go on. */
async function batchesOf(
  options: Parameters<typeof sharedLoader<number>>[0],
  used: (place: number, rank: number) => boolean,
) {
  const lines: string[] = [];
  const values: number[] = [];
  for await (const { loaded, failed, next } of sharedLoader(options)) {
    const reasons = failed.map(
      ({ example, reason }) =>
        `${example.problemId} ${reason.name} ${(reason as { code?: string }).code} ${reason.message}`,
    );
    lines.push(JSON.stringify([loaded.map(({ example }) => example.problemId), reasons, next]));
    for (const [place, { value }] of loaded.entries()) if (used(place, options.peers.rank)) values.push(await value());
  }
  return { lines, values };
}

test.each([1, 2, 3, 5])("%i processes draw the batches of one, and each loads what it uses", async (size) => {
  const one = [];
  for await (const { loaded, failed, next } of createLoader(options([]))) {
    const reasons = failed.map(
      ({ example, reason }) => `${example.problemId} TypeError MEDIA_NOT_FOUND ${reason.message}`,
    );
    one.push(JSON.stringify([loaded.map(({ example }) => example.problemId), reasons, next]));
  }
  const loads = Array.from({ length: size }, (): number[] => []);
  const all = await Promise.all(
    peersOf(size).map((peers, rank) =>
      batchesOf(
        { ...options(loads[rank]!), peers, ownerOf: (position) => position % 4 },
        (place) => place % size === rank,
      ),
    ),
  );
  for (const { lines } of all) expect(lines).toEqual(one);
  const used = all.flatMap(({ values }) => values).sort((a, b) => a - b);
  const whole = examples.map(({ problemId }) => Number(problemId)).filter((id) => !broken.includes(id));
  expect(used).toEqual(whole.flatMap((id) => [id * 10, id * 10]));
  // twice each record, and once more where a failure has moved a place to another process
  expect(loads.flat().length).toBeLessThanOrEqual(2 * examples.length + 12);
  if (size > 1) for (const own of loads) expect(own.length).toBeLessThan(2 * examples.length);
});

test("goes on from a state on another number of processes", async () => {
  const run = async (size: number, state?: { epoch: number; position: number }) => {
    const [first] = await Promise.all(
      peersOf(size).map((peers) =>
        batchesOf({ ...options([]), ...(state && { state }), peers, ownerOf: (position) => position }, () => false),
      ),
    );
    return first!.lines;
  };
  const whole = await run(1);
  expect(await run(3, { epoch: 0, position: 8 })).toEqual(whole.slice(2));
  expect(await run(2, { epoch: 1, position: 0 })).toEqual(whole.slice(6));
});

test("in order, batch n is loaded by process n modulo the size", async () => {
  const loads: number[][] = [[], []];
  await Promise.all(
    peersOf(2).map(async (peers, rank) => {
      for await (const _ of shareInOrder({
        examples: examples.slice(0, 8),
        load: options(loads[rank]!).load,
        batchSize: 2,
        peers,
      }));
    }),
  );
  expect(loads).toEqual([
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ]);
});

test("other records on another machine are an error on all", async () => {
  const sources = [examples, examples.toReversed()];
  const ended = peersOf(2).map(async (peers, rank) => {
    for await (const _ of sharedLoader({ ...options([]), examples: sources[rank]!, peers, ownerOf: () => 0 }));
  });
  for (const one of ended) await expect(one).rejects.toThrow(RecordsDifferError);
});

test("a clip that its owner could load and its user cannot is an error, not another step", async () => {
  const [, second] = peersOf(2).map(async (peers, rank) => {
    const load = async () => {
      if (rank === 1) throw new Error("no such file");
      return 1;
    };
    for await (const { loaded } of sharedLoader({ ...options([]), load, peers, ownerOf: () => 0 }))
      if (rank === 1) await loaded[0]!.value();
  });
  await expect(second).rejects.toThrow(/was loaded by another process, and not by rank 1: no such file/);
});

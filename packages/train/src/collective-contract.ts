import { addendValues, type collectiveScenarios, like, type ScenarioName, sumsInTurn } from "./collective-scenarios.ts";

export { collectiveScenarios, type ScenarioName } from "./collective-scenarios.ts";

/** The functions of a test runner that the suite uses; vitest's of these names fit. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => Promise<void>): void;
  afterAll(body: () => Promise<void>): void;
  expect(actual: unknown): { toEqual(expected: unknown): void };
}

/** A started group. Each member has an engine (any), and runs `collectiveScenarios[name](its collective)` on request. */
export interface ContractGroup {
  /** The outcomes in order of rank; a member that died is a rejection. */
  run(name: ScenarioName): Promise<PromiseSettledResult<unknown>[]>;
  close(): Promise<void>;
}

export interface CollectiveContractOptions extends ContractRunner {
  /** Name of the implementation. */
  name: string;
  sizes: readonly number[];
  /** Starts the members of a new group. */
  start(size: number, options: { timeoutSeconds: number }): Promise<ContractGroup>;
}

/** Defines the tests that every implementation of `Collective` passes. */
export function runCollectiveContract(options: CollectiveContractOptions): void {
  const { name, sizes, start, describe, test, afterAll, expect } = options;
  for (const size of sizes) {
    const ranks = Array.from({ length: size }, (_, rank) => rank);

    let whole: Promise<ContractGroup> | undefined;

    /** The members' results in order of rank, in a group that all scenarios share except those that break it. */
    async function results<Name extends ScenarioName>(scenario: Name) {
      whole ??= start(size, { timeoutSeconds: 600 });
      return valuesOf(scenario, await (await whole).run(scenario));
    }

    /** The outcomes in order of rank, in a new group. */
    async function lastOutcomes(scenario: ScenarioName, timeoutSeconds = 600) {
      const group = await start(size, { timeoutSeconds });
      try {
        await group.run("identity"); // all members are up before the time-out of the scenario begins
        return await group.run(scenario);
      } finally {
        await group.close();
      }
    }

    /** Every member has this result. */
    const expectAll = (found: readonly unknown[], expected: unknown) =>
      expect(found).toEqual(ranks.map(() => expected));

    describe(`contract of ${name}, size ${size}`, () => {
      afterAll(async () => (await whole)?.close());

      test("each member knows its rank and the size", async () => {
        expect(await results("identity")).toEqual(ranks.map((rank) => ({ rank, size })));
      });

      test("broadcast gives every member the bytes of the root", async () => {
        expectAll(
          await results("broadcast"),
          ranks.map((root) => [10 + root, 255, 0]),
        );
      });

      test("broadcast refuses a root that is no member, and a root without bytes", async () => {
        const stranger = { message: `broadcast: root=${size} must be a rank of the ${size} members` };
        const empty = { message: "broadcast: rank 0 is the root and has no bytes" };
        expect(await results("broadcast without bytes")).toEqual(
          ranks.map((rank) => (rank === 0 ? [stranger, empty] : [stranger])),
        );
      });

      test("gather gives every member all values in order of rank, numbers that are not finite too", async () => {
        const losses = [Number.NaN, Number.NEGATIVE_INFINITY, -0, 0.1];
        expectAll(await results("gather"), {
          numbers: ranks.map((rank) => ({ rank, loss: losses[rank] })),
          lists: ranks.map((rank) => Array.from({ length: rank }, (_, i) => ({ name: `${rank}.${i}` }))),
        });
      });

      test("sum adds in float32 in order of index: the same bytes on any number of members", async () => {
        expectAll(await results("sum"), sumsInTurn.map(sumInOrder));
      });

      test("member index % size computes addend index, in ascending order", async () => {
        const ofRank = (rank: number) => [0, 1, 2, 3, 4].filter((index) => index % size === rank);
        expect(await results("addends that are asked for")).toEqual(ranks.map((rank) => ofRank(rank)));
      });

      test("a gradient that all addends lack is absent; minus zero stays so", async () => {
        expectAll(await results("sum without addends"), { none: {}, empty: {}, zeros: { few: [-0, 0, -0] } });
      });

      test("sums leave no tensors behind, nor do sums that fail", async () => {
        expectAll(await results("tensors of sums"), 0);
      });

      test("an addend that fails rejects the sum on every member, and the next sum is right", async () => {
        const failed = { message: "addend 1 overflows", code: "NON_FINITE" };
        const found = await results("sum with a failing addend");
        expectAll(
          found.map(({ failed: { message, code }, next }) => ({ failed: { message, code }, next })),
          { failed, next: sumInOrder({ count: 2, first: 0 }) },
        );
      });

      test("a gradient that is none of the parameters', of another shape, or given twice is a mistake", async () => {
        const found = await results("sum with a stranger");
        expectAll(
          found.map(({ name, shape, number }) => [name.message, shape.message, number.message]),
          [
            'sum: an addend holds "odd", which is none of the parameters',
            'sum: "few" is [1] in an addend, the parameter is [3]',
            'sum: an addend gives "many" twice',
          ],
        );
      });

      test("no member leaves a barrier before the last has arrived", async () => {
        const found = await results("barrier");
        const lastArrival = Math.max(...found.map(({ arrived }) => arrived));
        expectAll(
          found.map(({ left }) => left >= lastArrival),
          true,
        );
      });

      if (size === 1) return;

      test("a member that does not arrive is named once the time is out; the collective is of no use then", async () => {
        const scenario = "a member that does not arrive";
        const found = valuesOf(scenario, await lastOutcomes(scenario, 1));
        for (const { first, next } of found) expect(next).toEqual(first);
        expect(found[1]!.first.code).toEqual("MEMBER_LEFT");
        const timedOut = found.flatMap(({ first }) => (first.code === "COLLECTIVE_TIMEOUT" ? [first] : []));
        expect(timedOut.length > 0).toEqual(true);
        for (const { message, ranks } of timedOut)
          expect([ranks!.includes(1), message.endsWith(`${ranks!.join(", ")} did not arrive within 1 s`)]).toEqual([
            true,
            true,
          ]);
      });

      test("a member that dies ends the others' operations with an error that names it", async () => {
        const found = await lastOutcomes("a member that dies");
        expect(found.map(({ status }) => status)).toEqual(
          ranks.map((rank) => (rank === size - 1 ? "rejected" : "fulfilled")),
        );
        for (const outcome of found.slice(0, -1)) {
          const { first, next } = (outcome as PromiseFulfilledResult<{ first: object; next: object }>).value;
          expect(first).toEqual({ code: "MEMBER_LEFT", message: `Rank ${size - 1} has ended`, ranks: [size - 1] });
          expect(next).toEqual(first);
        }
      });

      test("members that call different operations all get an error", async () => {
        const found = valuesOf("other operations", await lastOutcomes("other operations"));
        expectAll(
          found.map(({ code }) => code),
          "COLLECTIVE_MISMATCH",
        );
      });
    });
  }
}

/** The members' results. Throws the error of the first member that failed. */
function valuesOf<Name extends ScenarioName>(_: Name, outcomes: readonly PromiseSettledResult<unknown>[]) {
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value as Awaited<ReturnType<(typeof collectiveScenarios)[Name]>>;
  });
}

/** The sum of `count` addends from `first` on, in float32 and in their order. */
function sumInOrder({ count, first }: (typeof sumsInTurn)[number]): Record<string, number[]> {
  const total: Record<string, number[]> = {};
  for (let index = first; index < first + count; index++)
    for (const [name, values] of Object.entries(addendValues(index)))
      total[name] = total[name]?.map((sum, i) => Math.fround(sum + values[i]!)) ?? values;
  return Object.fromEntries(
    Object.keys(like)
      .flatMap((name) => (total[name] ? [[name, total[name]]] : []))
      .sort(),
  );
}

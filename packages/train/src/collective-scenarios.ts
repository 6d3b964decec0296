/** The part of each member in the tests of `runCollectiveContract`. A result is plain data, so that it can cross processes. */
import { setTimeout as sleep } from "node:timers/promises";
import { dispose, keep, memory, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { Collective, SumRequest } from "./collective.ts";
import { type Gradients, handOverGradients, type TakeGradient } from "./gradients.ts";

/** Parameters of the sums: one of many elements, one small, one scalar. */
export const like = { many: { shape: [1000] }, few: { shape: [3] }, scalar: { shape: [] } } as const;

/** Values of addend `index`, of sizes from 1e-4 to 1e4 so that the order of a sum shows; "few" is in odd addends only. */
export function addendValues(index: number): Record<string, number[]> {
  const value = (i: number) => Math.fround(Math.sin(1 + 7 * index + 3 * i) * 10 ** (((5 * i + index) % 9) - 4));
  const values = (count: number) => Array.from({ length: count }, (_, i) => value(i));
  return { many: values(1000), ...(index % 2 === 1 && { few: values(3) }) };
}

/** Sums that follow one another, each over other addends: `count` of them from index `first` on. */
export const sumsInTurn = [1, 2, 5, 7, 3, 7, 2].map((count, first) => ({ count, first }));

/** An addend as tensors. */
function toTensors(values: Readonly<Record<string, readonly number[]>>): Gradients {
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, tensor([...x]) as Tensor]));
}

/** The values of a sum, whose tensors are freed. */
async function sumOf(collective: Collective, request: Pick<SumRequest, "count" | "addend">) {
  const total = await collective.sum({ like, ...request });
  const values = Object.entries(total).map(([name, x]) => [name, [...x.dataSync()]] as const);
  dispose(total);
  return Object.fromEntries(values.sort()) as Record<string, number[]>;
}

/** An addend that gives what `make` makes, within a tidy, as a backward pass does. */
const giving =
  (make: (index: number) => Gradients): SumRequest["addend"] =>
  async (index: number, take: TakeGradient) =>
    tidy(() => {
      const grads = make(index);
      for (const gradient of Object.values(grads)) keep(gradient);
      handOverGradients(grads, take);
    });

const addend = giving((index) => toTensors(addendValues(index)));

interface Failure {
  message: string;
  code?: string;
  ranks?: number[];
}

/** The error that a call rejects with. */
async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { code, message, ranks } = error as Error & { code?: string; ranks?: number[] };
    return { message, ...(code !== undefined && { code }), ...(ranks && { ranks: [...ranks] }) };
  }
  return { message: "nothing was thrown" };
}

/** Blocks this thread for 30 ms. */
const standStill = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);

/** Nanoseconds of a clock that all processes of a machine share. */
const now = () => Number(process.hrtime.bigint());

const odd = giving(() => toTensors({ odd: [1], few: [1, 2, 3] }));
/** Gives one gradient twice. */
const twice: SumRequest["addend"] = async (index, take) => {
  await addend(2 * index + 1, take);
  await addend(2 * index + 1, take);
};

export const collectiveScenarios = {
  identity: async ({ rank, size }) => ({ rank, size }),

  async broadcast({ rank, size, ...collective }) {
    const received: number[][] = [];
    for (let root = 0; root < size; root++) {
      const bytes = new Uint8Array([9, 9, 10 + root, 255, 0, 9]).subarray(2, 5);
      received.push([...(await collective.broadcast(rank === root ? bytes : undefined, root))]);
      bytes.fill(1); // must not reach the others
    }
    return received;
  },

  async "broadcast without bytes"(collective) {
    const { rank, size } = collective;
    return [
      await failure(collective.broadcast(new Uint8Array(1), size)),
      ...(rank === 0 ? [await failure(collective.broadcast(undefined, 0))] : []),
    ];
  },

  async gather(collective) {
    const { rank } = collective;
    const numbers = await collective.gather({ rank, loss: [Number.NaN, Number.NEGATIVE_INFINITY, -0, 0.1][rank] });
    const lists = await collective.gather(Array.from({ length: rank }, (_, i) => ({ name: `${rank}.${i}` })));
    return { numbers, lists };
  },

  /** Member 1 reads each sum late: its thread stands still once its own addends are computed. */
  async sum(collective) {
    const sums: Record<string, number[]>[] = [];
    for (const { count, first } of sumsInTurn) {
      const slow = async (index: number, take: TakeGradient) => {
        if (collective.rank === 1) setImmediate(standStill);
        await addend(first + index, take);
      };
      sums.push(await sumOf(collective, { count, addend: slow }));
    }
    return sums;
  },

  async "addends that are asked for"(collective) {
    const asked: number[] = [];
    await sumOf(collective, { count: 5, addend: giving((index) => toTensors({ few: [asked.push(index), 0, 0] })) });
    return asked;
  },

  async "sum without addends"(collective) {
    const none = await sumOf(collective, { count: 0, addend });
    const empty = await sumOf(collective, { count: 4, addend: giving(() => ({})) });
    const zeros = await sumOf(collective, { count: 2, addend: giving(() => toTensors({ few: [-0, 0, -0] })) });
    return { none, empty, zeros };
  },

  async "tensors of sums"(collective) {
    await sumOf(collective, { count: 5, addend });
    const before = memory().numTensors;
    await sumOf(collective, { count: 5, addend });
    await failure(sumOf(collective, { count: 5, addend: giving((index) => failAt(3, index)) }));
    for (const of of [odd, twice]) await failure(sumOf(collective, { count: 5, addend: of }));
    return memory().numTensors - before;
  },

  async "sum with a failing addend"(collective) {
    const failed = await failure(sumOf(collective, { count: 5, addend: giving((index) => failAt(1, index)) }));
    return { failed, next: await sumOf(collective, { count: 2, addend }) };
  },

  async "sum with a stranger"(collective) {
    const shape = giving(() => toTensors({ few: [1] }));
    const [ofName, ofShape, ofNumber] = [odd, shape, twice].map(
      (addend) => () => sumOf(collective, { count: 3, addend }),
    );
    return { name: await failure(ofName!()), shape: await failure(ofShape!()), number: await failure(ofNumber!()) };
  },

  async barrier(collective) {
    await collective.barrier();
    await sleep(20 * collective.rank);
    const arrived = now();
    await collective.barrier();
    return { arrived, left: now() };
  },

  /** Member 1 arrives long after the others' time-out. */
  async "a member that does not arrive"(collective) {
    if (collective.rank === 1) await sleep(5000);
    return { first: await failure(collective.gather(1)), next: await failure(collective.barrier()) };
  },

  /** The last member exits, as in a crash. */
  async "a member that dies"(collective) {
    await collective.barrier();
    if (collective.rank === collective.size - 1) process.exit(7);
    return { first: await failure(sumOf(collective, { count: 4, addend })), next: await failure(collective.barrier()) };
  },

  async "other operations"(collective) {
    return failure(collective.rank === 0 ? collective.barrier() : collective.gather(1));
  },
} satisfies Record<string, (collective: Collective) => Promise<unknown>>;

export type ScenarioName = keyof typeof collectiveScenarios;

function failAt(failing: number, index: number): Gradients {
  if (index === failing) throw Object.assign(new Error(`addend ${index} overflows`), { code: "NON_FINITE" });
  return toTensors(addendValues(index));
}

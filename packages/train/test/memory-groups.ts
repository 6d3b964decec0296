import { type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { ProcessGroup } from "@videor1/engine";
import type { Collective } from "../src/collective.ts";

interface Call {
  name: string;
  value: { bytes: Uint8Array } | { output: Variable; input: Tensor };
  settle: (gathered: Uint8Array[]) => void;
}

/**
 * The members of a process group, all in this thread. An operation is done once all have called it; members that call different ones
 * are an error.
 */
export function memoryGroups(size: number): ProcessGroup[] {
  const queues = Array.from({ length: size }, (): Call[] => []);
  const call = (rank: number, name: string, value: Call["value"]) =>
    new Promise<Uint8Array[]>((settle) => {
      queues[rank]!.push({ name, value, settle });
      if (queues.some((queue) => queue.length === 0)) return;
      const calls = queues.map((queue) => queue.shift()!);
      if (calls.some((one) => one.name !== name))
        throw new Error(`the members call ${calls.map((one) => one.name).join(", ")}`);
      const gathered = calls.flatMap(({ value }) => ("bytes" in value ? [value.bytes] : []));
      const inputs = calls.flatMap(({ value }) => ("input" in value ? [bytesOf(value.input)] : []));
      for (const [to, { value }] of calls.entries()) if ("output" in value) fill(value.output, inputs, to);
      for (const { settle } of calls) settle(gathered);
    });
  return queues.map((_, rank) => ({
    rank,
    size,
    gather: (bytes) => call(rank, "gather", { bytes }),
    allToAll: async (output, input) => void (await call(rank, `allToAll of ${input.size}`, { output, input })),
    allGather: async (output, input) => void (await call(rank, `allGather of ${input.size}`, { output, input })),
    leave() {},
  }));
}

const bytesOf = (x: Tensor) => x.dataSync() as unknown as Uint8Array;

/** Row r becomes row `row` of input r, or all of it where it has one. */
function fill(output: Variable, inputs: readonly Uint8Array[], row: number): void {
  const [, width] = output.shape as [number, number];
  const rows = inputs.flatMap((bytes) => [
    ...(bytes.length === width ? bytes : bytes.subarray(row * width).subarray(0, width)),
  ]);
  tidy(() => output.assign(tensor(Uint8Array.from(rows), output.shape, "bool")));
}

/** What a sharded replica asks of a collective of the same members. */
export function memoryCollective(group: ProcessGroup): Collective {
  const gather = async <T>(value: T): Promise<T[]> => {
    const bytes = new TextEncoder().encode(JSON.stringify([value]));
    return (await group.gather(bytes)).map((one) => (JSON.parse(new TextDecoder().decode(one)) as [T])[0]);
  };
  return {
    rank: group.rank,
    size: group.size,
    gather,
    broadcast: async (bytes, root) => (await group.gather(bytes ?? new Uint8Array()))[root]!,
    barrier: async () => void (await gather(0)),
    sum: () => Promise.reject(new Error("a sharded replica exchanges buckets")),
  };
}

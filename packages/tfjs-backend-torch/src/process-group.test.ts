import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { reshape, tensor, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { initEngine, toBfloat16 } from "@videor1/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openProcessGroup, type ProcessGroup, type ProcessGroupOptions } from "./process-group.ts";

// All members are in this process, some of them in this thread: each group has a thread of its own.
const folder = mkdtempSync(join(tmpdir(), "videor1-group-"));
const opened: ProcessGroup[] = [];
let groups = 0;
let port: number;

beforeAll(async () => {
  await initEngine({ backend: "torch", device: "cpu" });
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  port = (server.address() as { port: number }).port;
  server.close();
  await once(server, "close");
});

afterAll(() => {
  for (const group of opened) group.leave("the test is over");
  rmSync(folder, { recursive: true });
});

type Given = Partial<ProcessGroupOptions> & { kind?: "tcp" | "file" };

function optionsOf(rank: number, { kind = "tcp", ...given }: Given): ProcessGroupOptions {
  const store =
    kind === "tcp"
      ? ({ kind, host: "localhost", port, isServer: rank === 0 } as const)
      : ({ kind, path: join(folder, "store") } as const);
  return { store, prefix: `test/${groups}`, rank, size: 2, timeoutSeconds: 60, ...given };
}

async function open(rank: number, given: Given): Promise<ProcessGroup> {
  const group = await openProcessGroup(optionsOf(rank, given));
  opened.push(group);
  return group;
}

/** The members of a new group, in order of rank. */
async function members(given: Given = {}): Promise<ProcessGroup[]> {
  groups++;
  return Promise.all(Array.from({ length: given.size ?? 2 }, (_, rank) => open(rank, given)));
}

const settled = (calls: Promise<unknown>[]) => Promise.all(calls.map((call) => call.catch((error) => fieldsOf(error))));
const fieldsOf = ({ code, message, ranks }: Error & { code?: string; ranks?: number[] }) => ({ code, message, ranks });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe.each(["tcp", "file"] as const)("a store of kind %s", (kind) => {
  test("every member gets every member's bytes, of any length each, in order of rank", async () => {
    const [first, second] = await members({ kind });
    for (const lengths of [
      [3, 5],
      [0, 2],
      [1008, 1009],
      [0, 0],
      [3_000_000, 10],
    ]) {
      const own = lengths.map((length, rank) => new Uint8Array(length).fill(7 + rank));
      const pair = [first!.gather(own[0]!), second!.gather(own[1]!)];
      own[0]!.fill(0); // the group has its own copy
      for (const all of await Promise.all(pair))
        expect(all.map((bytes) => [bytes.length, new Set(bytes)])).toEqual(
          lengths.map((length, rank) => [length, new Set(length > 0 ? [7 + rank] : [])]),
        );
    }
  });
});

describe("tensors", () => {
  const make = {
    float32: (x: number[]) => tensor(x),
    bfloat16: (x: number[]) => toBfloat16(tensor(x)),
    int32: (x: number[]) => tensor(x, undefined, "int32"),
  };

  test.each(Object.entries(make))("of %s move as they are stored", async (_, of) => {
    const three = await members({ size: 3 });
    const input = three.map(({ rank }) => reshape(of([0, 1, 2, 3, 4, 5].map((i) => 10 * rank + i)), [3, 2]));
    const like = () => variable(reshape(of(new Array(6).fill(0)), [3, 2]), false);
    const output = three.map(like);
    await Promise.all(three.map((member, i) => member.allToAll(output[i]!, input[i]!)));
    expect(output.map((x) => x.arraySync())).toEqual(
      [0, 1, 2].map((rank) => [0, 1, 2].map((from) => [10 * from + 2 * rank, 10 * from + 2 * rank + 1])),
    );
    const whole = three.map(like);
    await Promise.all(three.map((member, i) => member.allGather(whole[i]!, of([member.rank, 10 - member.rank]))));
    expect(whole[2]!.arraySync()).toEqual([
      [0, 10],
      [1, 9],
      [2, 8],
    ]);
  });

  test("operations that are under way together run in the order of their calls", async () => {
    const pair = await members();
    const outputs = pair.map(() => [1, 2, 3].map(() => variable(zeros([2, 1]), false)));
    const calls = pair.flatMap((member, i) =>
      outputs[i]!.map((output, n) => member.allGather(output, tensor([10 * n + i]))),
    );
    await Promise.all(calls);
    expect(outputs[1]!.map((x) => [...x.dataSync()])).toEqual([
      [0, 1],
      [10, 11],
      [20, 21],
    ]);
  });

  test("an output that the input does not fit is refused, and the group goes on", async () => {
    const [first, second] = await members();
    const output = variable(zeros([2, 2]), false);
    await expect(first!.allToAll(output, tensor([1, 2]))).rejects.toThrow("does not fit the input");
    await expect(first!.allGather(output as Variable, toBfloat16(tensor([1, 2])))).rejects.toThrow("does not fit");
    expect(
      (await Promise.all([first!.gather(Buffer.from("a")), second!.gather(Buffer.from("b"))]))[0]!.map(text),
    ).toEqual(["a", "b"]);
  });
});

describe("a group that fails", () => {
  test("members that call different operations all learn who calls what", async () => {
    const [first, second] = await members();
    const output = variable(zeros([2, 1]), false);
    const found = await settled([first!.gather(new Uint8Array(1)), second!.allGather(output, tensor([1]))]);
    const message = "The members call different operations: rank 0 gather, rank 1 allGather of 4 bytes";
    expect(found).toEqual([
      { code: "COLLECTIVE_MISMATCH", message, ranks: [1] },
      { code: "COLLECTIVE_MISMATCH", message, ranks: [0] },
    ]);
    expect(await settled([first!.gather(new Uint8Array(1))])).toEqual(found.slice(0, 1));
  });

  test("a member that leaves says why, at once; what it had begun fails too", async () => {
    const [first, second] = await members();
    const waiting = [first!.gather(new Uint8Array(1))];
    second!.leave("the disk is full");
    const gone = { code: "MEMBER_LEFT", message: "Rank 1 has left: the disk is full", ranks: [1] };
    expect(await settled([...waiting, second!.gather(new Uint8Array(1))])).toEqual([gone, gone]);
  });

  test("a member that does not arrive is named, in an operation and at the start", async () => {
    const [first] = await members({ timeoutSeconds: 1 });
    const late = { code: "COLLECTIVE_TIMEOUT", message: "rank 1 did not arrive within 1 s", ranks: [1] };
    expect(await settled([first!.gather(new Uint8Array(1))])).toEqual([late]);
    groups++;
    const start = settled([0, 2].map((rank) => open(rank, { size: 4, timeoutSeconds: 1 })));
    const missing = {
      code: "COLLECTIVE_TIMEOUT",
      message: "start: ranks 1, 3 did not arrive within 1 s",
      ranks: [1, 3],
    };
    expect(await start).toEqual([missing, missing]);
  });

  test("two members of one rank, and members of another size, are told", async () => {
    await members({ kind: "file" });
    expect((await settled([open(1, { kind: "file" })]))[0]).toMatchObject({ code: "COLLECTIVE_MISMATCH", ranks: [1] });
    groups++;
    const found = await settled([open(0, { size: 2 }), open(1, { size: 3, timeoutSeconds: 1 })]);
    expect(found[0]).toEqual({
      code: "COLLECTIVE_MISMATCH",
      message: "Rank 1 is one of 3, rank 0 is one of 2",
      ranks: [1],
    });
  });

  test.each([
    [0, 0],
    [2, 2],
    [-1, 2],
  ])("rank %i of %i is refused", async (rank, size) => {
    await expect(openProcessGroup(optionsOf(rank, { size }))).rejects.toThrow(`rank=${rank} is none of size=${size}`);
  });
});

test("a worker thread that is terminated amid an operation is named by the others; the process goes on", async () => {
  groups++;
  const module = JSON.stringify(new URL("../test/waiting-member.ts", import.meta.url));
  const program = `import("tsx/esm/api").then(({ register }) => (register(), import(${module})))`;
  const execArgv = ["--conditions=@videor1/source"];
  const worker = new Worker(program, { eval: true, workerData: optionsOf(1, { size: 3 }), execArgv });
  const [first] = await Promise.all([open(0, { size: 3 }), open(2, { size: 3 }), once(worker, "message")]);
  const waiting = settled([first.gather(new Uint8Array(1))]);
  await worker.terminate();
  expect(await waiting).toEqual([{ code: "MEMBER_LEFT", message: "Rank 1 has ended", ranks: [1] }]);
});

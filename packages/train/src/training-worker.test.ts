import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor1d, variable } from "@tensorflow/tfjs-core";
import { afterAll, expect, test } from "vitest";
import { useEngine } from "../test/engine.ts";
import { OptimizerOptions } from "./options.ts";
import { threadCollective, threadMembers } from "./thread-collective.ts";
import { trainingWorker } from "./training-worker.ts";

useEngine();
const base = mkdtempSync(join(tmpdir(), "training-worker-"));
afterAll(() => rmSync(base, { recursive: true }));

const engine = { backend: "wasm", device: "cpu", reason: "asked for" };

/** Workers whose parameter "w" holds these values; their files name the rank that wrote them. */
function workersOf(values: readonly number[]) {
  return threadMembers(values.length).map((member, rank) => {
    const parameters = { w: variable(tensor1d([values[rank]!])) };
    const write = async (folder: string) => writeFileSync(join(folder, "model"), `rank ${rank}`);
    const collective = threadCollective(member);
    const optimizer = OptimizerOptions.parse({});
    const common = { engine, collective, parameters, frozen: 7, optimizer, checkpoint: undefined };
    return trainingWorker({ ...common, writeCheckpoint: write, writeModel: write }).handlers;
  });
}

const request = (name: string) => ({
  root: join(base, name),
  step: 3,
  state: {},
  keepLast: 1,
  best: null,
  wait: false,
});

test("equal workers open and save one checkpoint, that of rank 0; any one writes the model", async () => {
  const workers = workersOf([1, 1, 1]);
  const opened = await Promise.all(workers.map(({ open }) => open({})));
  expect(opened).toEqual(workers.map(() => ({ engine, parameters: 1, frozen: 7 })));
  await Promise.all(workers.map(({ checkpoint }) => checkpoint(request("equal"))));
  expect(readFileSync(join(base, "equal/checkpoint-3/model"), "utf8")).toBe("rank 0");
  await workers[2]!.finish({ folder: join(base, "trained") });
  expect(readFileSync(join(base, "trained/model"), "utf8")).toBe("rank 2");
});

test("workers whose parameters differ neither open nor save", async () => {
  const workers = workersOf([1, 1, 2]);
  for (const outcome of await Promise.allSettled(workers.map(({ open }) => open({}))))
    expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/^At the start .*: rank 2 in w$/) } });
  for (const outcome of await Promise.allSettled(workers.map(({ checkpoint }) => checkpoint(request("differing")))))
    expect(outcome).toMatchObject({ reason: { message: expect.stringMatching(/^After step 3 .*: rank 2 in w$/) } });
  expect(existsSync(join(base, "differing"))).toBe(false);
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tensor1d, engine as tfjs, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { splitFloat32 } from "@videor1/engine";
import { afterAll, expect, test } from "vitest";
import { memoryCollective, memoryGroups } from "../../test/memory-groups.ts";
import { whyNoTorch } from "../../test/torch-engine.ts";
import { EngineOptions, OptimizerOptions } from "../options.ts";
import { trainingWorker } from "../training-worker.ts";

const base = mkdtempSync(join(tmpdir(), "sharded-worker-"));
afterAll(() => rmSync(base, { recursive: true }));

/** Workers of two ranks; `written`: the remainders that each was asked to write with the model. */
function workersOf(zeroStage: 0 | 2) {
  Object.assign(tfjs().backend, { flushWrites: undefined }); // one thread cannot leave the writes of several members for later
  const written: string[][] = [];
  const workers = memoryGroups(2).map((group) => {
    const parameters: Record<string, Variable> = {};
    const remainders: Record<string, Variable> = {};
    tidy(() => {
      const { weight, remainder } = splitFloat32(tensor1d(Array.from({ length: 600 }, (_, i) => i / 7)));
      parameters.w = variable(weight);
      remainders.w = variable(remainder, false);
    });
    const collective = { ...memoryCollective(group), group };
    return trainingWorker({
      engine: { backend: "torch", device: "cpu", reason: "asked for" },
      collective,
      parameters,
      remainders,
      sharding: EngineOptions.parse({ zeroStage }),
      optimizer: OptimizerOptions.parse({}),
      checkpoint: undefined,
      async writeCheckpoint(folder, { remainders }) {
        written.push(Object.keys(remainders));
        writeFileSync(join(folder, "model"), "");
      },
      writeModel: async (folder) => writeFileSync(join(folder, "model"), ""),
    }).handlers;
  });
  return { workers, written };
}

test.skipIf(whyNoTorch).each([
  { zeroStage: 2, safe: [3, 3], asked: [[]], parts: ["optimizer-00001-of-00002", "optimizer-00002-of-00002"] },
  { zeroStage: 0, safe: [3, null], asked: [["w"]], parts: ["optimizer"] },
] as const)(
  "workers in processes of their own, engine.zeroStage=$zeroStage",
  async ({ zeroStage, safe, asked, parts }) => {
    const { workers, written } = workersOf(zeroStage);
    const opened = await Promise.all(workers.map(({ open }) => open({})));
    expect(opened.map(({ parameters }) => parameters)).toEqual([600, 600]);
    const root = join(base, `stage-${zeroStage}`);
    const request = { root, step: 3, state: {}, keepLast: 1, best: null, wait: true };
    const saved = await Promise.all(workers.map(({ checkpoint }) => checkpoint(request)));
    expect(saved.map(({ safeStep }) => safeStep)).toEqual(safe);
    expect(written).toEqual(asked);
    const files = ["model", ...parts.map((part) => `${part}.safetensors`), "state.json"];
    expect(readdirSync(join(root, "checkpoint-3")).sort()).toEqual(files);
    await Promise.all(workers.map(({ settle }) => settle({})));
    await workers[0]!.finish({ folder: join(root, "trained") }); // one rank alone
    expect(readdirSync(join(root, "trained"))).toEqual(["model"]);
  },
);

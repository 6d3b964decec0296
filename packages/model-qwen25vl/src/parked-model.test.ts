import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { beforeAll, expect, test } from "vitest";
import { caseInputs, golden, goldenCase } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import { loadModel } from "./model.ts";
import { loadParkedModel } from "./parked-model.ts";

beforeAll(async () => void (await initEngine(testEngine)));

const folder = join(golden, "tiny_a");
const inputs = caseInputs(goldenCase("tiny_a", "mixed"));

test("a parked model computes what the loaded one does, each time that it is brought, and leaves nothing behind", async () => {
  const model = await loadModel(folder);
  const expected = model.forward(inputs).logits.dataSync();
  const start = memory().numTensors;
  const parked = await loadParkedModel(folder);
  const waiting = memory().numTensors;
  for (let round = 0; round < 2; round++) {
    const brought = parked.bring();
    const { logits } = brought.forward(inputs);
    expect(logits.dataSync()).toEqual(expected);
    logits.dispose();
    brought.dispose();
    expect(memory().numTensors).toBe(waiting);
  }
  parked.dispose();
  expect(memory().numTensors).toBe(start);
});

test("it refuses what loadModel refuses", async () => {
  await expect(loadParkedModel(join(folder, "none"))).rejects.toThrow("there is no such file");
});

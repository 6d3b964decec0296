import { add, matMul, memory, setBackend, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

describe.skipIf(!torch)(`the torch backend${whyNot}`, () => {
  beforeAll(async () => void (await setBackend("torch")));

  test("multiplies, adds, and frees", () => {
    const before = { ...memory() };
    const bytes = torch!.backend.memory().numBytes;
    const y = tidy(() => add(matMul(tensor2d([1, 2, 3, 4], [2, 2]), tensor2d([1, 0], [2, 1])), 10));
    expect([...y.dataSync()]).toEqual([11, 13]);
    y.dispose();
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    expect(torch!.backend.memory().numBytes).toBe(bytes);
  });

  test("an op that fails names itself and its shapes, and the backend goes on", () => {
    const a = tensor2d([1, 2], [1, 2]);
    let error: unknown;
    try {
      torch!.backend.call("Add", [a, tensor2d([1, 2, 3], [1, 3])]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: "TorchError", code: "OP_FAILED", op: "Add" });
    expect(error).toHaveProperty("message", expect.stringMatching(/Add\(float32 \[1,2\], float32 \[1,3\]\): The size/));
    expect([...add(a, a).dataSync()]).toEqual([2, 4]);
  });
});

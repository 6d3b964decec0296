import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  add,
  clone,
  customGrad,
  dispose,
  engine,
  fill,
  log,
  matMul,
  memory,
  mul,
  ones,
  range,
  reshape,
  type Scalar,
  setBackend,
  slice,
  sum,
  type Tensor,
  tensor,
  tensor2d,
  tidy,
  transpose,
  type Variable,
  variable,
} from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

/** What f throws. */
function thrownBy(f: () => unknown): unknown {
  try {
    f();
  } catch (error) {
    return error;
  }
  return undefined;
}

const bytes = () => torch!.backend.memory().numBytes;

describe.skipIf(!torch)(`the torch backend${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  test("multiplies, adds, and frees", () => {
    const before = { ...memory() };
    const y = tidy(() => add(matMul(tensor2d([1, 2, 3, 4], [2, 2]), tensor2d([1, 0], [2, 1])), 10));
    expect([...y.dataSync()]).toEqual([11, 13]);
    y.dispose();
    expect(memory()).toEqual(before);
  });

  test("counts a storage once, however many views it has, until the last is gone", () => {
    const start = bytes();
    const x = ones([8, 4]);
    expect(bytes() - start).toBe(128);
    const views = [reshape(x, [32]), transpose(x), slice(x, [1, 0], [2, 4]), clone(x)];
    expect(bytes() - start).toBe(128);
    expect(memory()).toMatchObject({ numBytesInTorch: bytes() });
    x.dispose();
    expect(bytes() - start).toBe(128);
    for (const view of views) view.dispose();
    expect(bytes()).toBe(start);
  });

  test("knows who shares a variable's data, so that writing in place spares views", () => {
    const parameter = variable(ones([2, 3]));
    const count = () => engine().backend.refCount(parameter.dataId);
    const alone = count();
    const view = transpose(parameter);
    expect(count()).toBe(alone + 1);
    view.dispose();
    expect(count()).toBe(alone);
    parameter.dispose();
  });

  test("keeps strings", () => {
    const x = tensor(["a", "bc"]);
    expect(x.dataSync()).toEqual(["a", "bc"]);
    x.dispose();
  });

  test("takes tensors over from another backend, and gives them back", async () => {
    await import("@tensorflow/tfjs-backend-cpu");
    const before = torch!.backend.numDataIds();
    await setBackend("cpu");
    const x = tensor2d([1, 2, 3, 4], [2, 2]);
    await setBackend("torch");
    const y = matMul(x, x);
    expect([...y.dataSync()]).toEqual([7, 10, 15, 22]);
    expect(torch!.backend.numDataIds()).toBe(before + 2);
    await setBackend("cpu");
    const z = tidy(() => add(y, 1));
    expect([...z.dataSync()]).toEqual([8, 11, 16, 23]);
    expect(torch!.backend.numDataIds()).toBe(before + 1);
    await setBackend("torch");
    const sum = add(y, z); // both come back, y for the second time
    expect([...sum.dataSync()]).toEqual([15, 21, 31, 45]);
    for (const tensor of [x, y, z, sum]) tensor.dispose();
    expect(torch!.backend.numDataIds()).toBe(before);
  });

  test("an op that fails names itself and its shapes, and the backend goes on", () => {
    const a = tensor2d([1, 2], [1, 2]);
    const error = thrownBy(() => torch!.backend.call("Add", [a, tensor2d([1, 2, 3], [1, 3])]));
    expect(error).toMatchObject({
      name: "TorchError",
      code: "OP_FAILED",
      op: "Add",
      shapes: [
        [1, 2],
        [1, 3],
      ],
    });
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/^Add\(float32 \[1,2\], float32 \[1,3\]\): The size/),
    );
    expect([...add(a, a).dataSync()]).toEqual([2, 4]);
  });

  test("an index out of range is an error", () => {
    const x = tensor2d([1, 2], [2, 1]);
    const error = thrownBy(() => torch!.backend.call("GatherV2", [x, range(2, 3, 1, "int32")], [0, 0]));
    expect(error).toMatchObject({ code: "OP_FAILED", op: "GatherV2" });
  });

  test("memory that is not there is an error that says so, and the backend goes on", () => {
    const before = bytes();
    const error = thrownBy(() => fill([1 << 20, 1 << 24], 1));
    expect(error).toMatchObject({ name: "TorchError", code: "OUT_OF_MEMORY", op: "Fill" });
    expect(error).toHaveProperty("hint", expect.stringContaining("smaller batches"));
    expect(bytes()).toBe(before);
  });

  test.each<[string, string, (w: Variable) => Tensor]>([
    ["forward", "BatchMatMul", (w) => matMul(w, ones([1, 1 << 24]))],
    [
      "backward",
      "Fill",
      customGrad((x) => ({ value: (x as Tensor).clone(), gradFunc: () => fill([1 << 20, 1 << 24], 1) })),
    ],
  ])("nor is it there in the %s pass: %s says so, and the next step goes through", (_, op, f) => {
    const w = variable(ones([1 << 20, 1]));
    const before = { ...memory() };
    const step = (f: (w: Variable) => Tensor) => valueAndGrads(() => sum(f(w)) as Scalar, { w });
    const error = thrownBy(() => step(f));
    expect(error).toMatchObject({ name: "TorchError", code: "OUT_OF_MEMORY", op });
    if (op === "BatchMatMul") expect(error).toHaveProperty("message", expect.stringContaining("float32 [1048576,1]"));
    expect(memory()).toEqual(before);
    const { value, grads } = step((w) => mul(w, 3));
    expect([value.dataSync()[0], grads.w!.dataSync()[0]]).toEqual([3 * (1 << 20), 3]);
    dispose([value, grads.w!, w]);
  });

  test("a NaN in a training step names its op and shapes, and the next step goes through", async () => {
    const w = variable(tensor([1, -1]));
    const before = memory().numTensors;
    torch!.setTorchNaNCheck(true);
    const error = thrownBy(() => valueAndGrads(() => sum(log(w)) as Scalar, { w }));
    torch!.setTorchNaNCheck(false);
    expect(error).toMatchObject({ name: "TorchError", code: "NAN", op: "Log", shapes: [[2]] });
    expect(memory().numTensors).toBe(before);
    const { value, grads } = valueAndGrads(() => sum(mul(w, w)) as Scalar, { w });
    expect([...grads.w!.dataSync()]).toEqual([2, -2]);
    dispose([value, grads.w!, w]);
  });

  test("the check for NaN names the op that gives the first", () => {
    torch!.setTorchNaNCheck(true);
    const error = thrownBy(() => add(log(tensor([1, -1])), 1));
    torch!.setTorchNaNCheck(false);
    expect(error).toMatchObject({ name: "TorchError", code: "NAN", op: "Log", shapes: [[2]] });
    expect([...log(tensor([-1])).dataSync()]).toEqual([Number.NaN]);
  });

  test("a device that is not there is an error; the backend stays where it is", () => {
    for (const name of ["cuda:99", "abacus"])
      expect(thrownBy(() => torch!.setTorchDevice(name))).toMatchObject({ name: "TorchError", code: "BAD_DEVICE" });
    expect(torch!.torchInfo().device).toBe(torch!.device.split(",")[0]);
    expect(() => torch!.setTorchThreads(0)).toThrow(RangeError);
  });

  /** Runs a program of `test/`, whose exit code tells whether all was well. */
  function runProgram(name: string): string {
    const program = join(import.meta.dirname, "../test", name);
    const flags = ["--conditions=@videor1/source", "--import", "tsx"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program], { encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return stdout;
  }

  test("two worker threads at once compute what each computes alone", () => {
    expect(JSON.parse(runProgram("two-workers.ts"))).toHaveProperty("together.length", 2);
  });

  test("a worker thread that is ended stops before its next op, and gives its memory back", () => {
    expect(JSON.parse(runProgram("stopped-worker.ts")).bytesBack).toBeGreaterThan(100e6);
  });
});

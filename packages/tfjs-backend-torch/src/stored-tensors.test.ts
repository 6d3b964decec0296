import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cos, memory, range, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { fromHost, globalNorm, readTensor, tensorData, toBfloat16, toFloat32, toHost } from "@videor1/engine";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { afterAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

describe.skipIf(!torch)(`tensors go between files and libtorch${whyNot}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "stored-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);
  const held = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const bufferOf = ({ buffer }: ArrayBufferView) => Buffer.from(buffer as ArrayBuffer); // toEqual takes minutes
  const bytes = () => torch!.backend.memory().numBytes;

  function save(name: string, dtype: "F32" | "BF16", x: Tensor): string {
    writeSafetensors(file(name), [
      { name: "first", dtype: "I32", shape: [3], data: Int32Array.of(1, 2, 3) },
      { name: "x", dtype, shape: x.shape, data: tensorData(x, dtype) },
    ]);
    return file(name);
  }

  test("80 MB, more than one part, leave no trace in JavaScript's memory", () => {
    const x = cos(range(0, 2e7)); // 80 MB
    const before = held();
    const path = save("large", "F32", x);
    const open = openSafetensors(path);
    const y = readTensor(open, "x");
    expect(held() - before).toBeLessThan(2e6);
    const [written, read] = [bufferOf(x.dataSync()), bufferOf(y.dataSync())];
    expect(read.equals(written)).toBe(true);
    expect(read.equals(bufferOf(open.read("x")))).toBe(true);
    expect(held() - before).toBeGreaterThan(5e7); // `read` does pass through it
    open.close();
    for (const tensor of [x, y]) tensor.dispose();
  });

  test("toFloat32 widens the storage of bfloat16, and leaves float32 where it is", () => {
    const x = cos(range(0, 1000));
    const start = bytes();
    const narrow = toBfloat16(x);
    expect(bytes() - start).toBe(2000);
    const wide = toFloat32(narrow);
    expect(bytes() - start).toBe(6000);
    expect(wide.dataSync()).toEqual(narrow.dataSync());
    const norms = [
      [narrow, x],
      [wide, x],
    ].map((all) => tidy(() => globalNorm(all).dataSync()[0]));
    expect(norms[0]).toBe(norms[1]); // one worker and several clip alike
    const same = toFloat32(x);
    expect(bytes() - start).toBe(6000);
    for (const tensor of [x, narrow, wide, same]) tensor.dispose();
  });

  test("bfloat16 in the file: widened, or kept in half the bytes; the same values", () => {
    const x = cos(range(0, 1000));
    const open = openSafetensors(save("bf16", "BF16", x));
    const expected = open.read("x");
    expect(expected).not.toEqual(x.dataSync()); // it was rounded
    const start = bytes();
    const wide = readTensor(open, "x");
    expect(bytes() - start).toBe(4000);
    const narrow = readTensor(open, "x", "bfloat16");
    expect(bytes() - start).toBe(6000);
    for (const y of [wide, narrow]) {
      expect(y.dtype).toBe("float32");
      expect(y.dataSync()).toEqual(expected);
      const again = openSafetensors(save("again", "BF16", y));
      expect(again.read("x")).toEqual(expected);
      again.close();
    }
    open.close();
  });

  test("integers go the other way", () => {
    const open = openSafetensors(save("integers", "F32", cos(range(0, 4))));
    expect([...readTensor(open, "first").dataSync()]).toEqual([1, 2, 3]);
    expect(() => readTensor(open, "first", "bfloat16")).toThrow(
      'the backend "torch" cannot store a I32 tensor in bfloat16',
    );
    open.close();
  });

  test("a file that shrinks while it is open is an error", () => {
    const path = save("short", "F32", cos(range(0, 100)));
    const open = openSafetensors(path);
    truncateSync(path, 200);
    expect(() => readTensor(open, "x")).toThrow("the file ends at byte 200");
    open.close();
  });

  test("toHost parks a tensor apart from what kernels work on, and fromHost brings it back", () => {
    const state = () => ({ device: bytes(), host: (memory() as { numBytesParked?: number }).numBytesParked! });
    const start = state();
    const x = tidy(() => cos(range(0, 1000)));
    const values = x.dataSync();
    const waiting = toHost(x);
    x.dispose();
    expect(state()).toEqual({ device: start.device, host: start.host + 4000 });
    const back = fromHost(waiting);
    expect(state()).toEqual({ device: start.device + 4000, host: start.host + 4000 });
    expect(back.dataSync()).toEqual(values);
    back.dispose();
    waiting.dispose();
    expect(state()).toEqual(start);
  });
});

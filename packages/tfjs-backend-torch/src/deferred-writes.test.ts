import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { add, cos, range, scalar, type Tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { deferWrites, splitFloat32, tensorData } from "@videor1/engine";
import { type BegunFile, beginSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { afterAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

describe.skipIf(!torch)(`tensors are written beside JavaScript${whyNot}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "deferred-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);

  const of = (name: string, x: Tensor | { weight: Tensor; remainder: Tensor }, dtype: "F32" | "BF16" = "F32") => {
    const { shape } = "weight" in x ? x.weight : x;
    return { name, dtype, shape, data: tensorData(x, dtype) } satisfies SafetensorsTensor;
  };

  /** Begins a file, and does not wait. */
  async function begin(name: string, tensors: SafetensorsTensor[]): Promise<[BegunFile, Promise<number>]> {
    let begun: BegunFile | undefined;
    const { done } = await deferWrites(async () => {
      begun = beginSafetensors(file(name), tensors);
    });
    return [begun!, done!.then((sums) => sums.get(begun!.descriptor)!)];
  }

  test("the file is the one that is written at once, and its CRC-32 zlib's: in parts of 64 MB, split, in bfloat16", async () => {
    const x = cos(range(0, 2e7));
    const split = splitFloat32(cos(range(0, 1001)));
    const tensors = () => [
      of("large", x),
      of("narrow", x, "BF16"),
      of("split", split),
      { name: "own", dtype: "I32", shape: [3], data: Int32Array.of(1, 2, 3) } satisfies SafetensorsTensor,
    ];
    writeSafetensors(file("at-once"), tensors());
    const [begun, sum] = await begin("later", tensors());
    expect(existsSync(file("later"))).toBe(false);
    expect(await sum).toBe(crc32(readFileSync(file("at-once"))));
    begun.end();
    expect(readFileSync(file("later")).equals(readFileSync(file("at-once")))).toBe(true);
    for (const tensor of [x, split.weight, split.remainder]) tensor.dispose();
  });

  test("tensors may be disposed of meanwhile", async () => {
    const x = cos(range(0, 1e6));
    const expected = crc32(Buffer.from(x.dataSync().buffer));
    const [begun, sum] = await begin("disposed", [of("x", x)]);
    x.dispose();
    await sum;
    begun.end();
    expect(crc32(readFileSync(file("disposed")).subarray(-4e6))).toBe(expected);
  });

  test("the thread computes meanwhile", async () => {
    const x: Variable = tidy(() => variable(cos(range(0, 1e6))));
    const [begun, sum] = await begin("beside", [of("x", x)]);
    expect(tidy(() => add(scalar(2), 3).dataSync()[0])).toBe(5);
    await sum;
    begun.end();
    x.dispose();
  });

  test("a disk that refuses rejects, and nothing stays", async () => {
    const x = cos(range(0, 1e6));
    let begun: BegunFile | undefined;
    const { done } = await deferWrites(async () => {
      begun = beginSafetensors(file("full"), [
        {
          name: "x",
          dtype: "F32",
          shape: x.shape,
          data: { writeTo: (_, at) => (of("x", x).data as Direct).writeTo(-1, at) },
        },
      ]);
    });
    await expect(done).rejects.toMatchObject({ code: "OP_FAILED", message: expect.stringContaining("cannot write") });
    begun!.abort();
    expect(readdirSync(folder).filter((name) => name.startsWith("full"))).toEqual([]);
    x.dispose();
  });

  test("an error of what runs is passed on, once the writes that it began are done", async () => {
    const x = cos(range(0, 1000));
    const failing = deferWrites(async () => {
      beginSafetensors(file("failing"), [of("x", x)]).abort();
      throw new Error("own");
    });
    await expect(failing).rejects.toThrow("own");
    writeSafetensors(file("after"), [of("x", x)]); // at once again
    expect(existsSync(file("after"))).toBe(true);
    x.dispose();
  });
});

interface Direct {
  writeTo(descriptor: number, position: number): void;
}

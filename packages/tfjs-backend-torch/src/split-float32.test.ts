import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, type Tensor, tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { initEngine, joinFloat32, splitFloat32, tensorData, toBfloat16 } from "@videor1/engine";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

/** Upper halves: zeros, subnormals, 1 and its neighbours, the largest, infinities, NaNs, both signs. */
const uppers = [0x0000, 0x0001, 0x007f, 0x0080, 0x3f7f, 0x3f80, 0x3f81, 0x4049, 0x7f7f, 0x7f80, 0x7f81, 0x7fc0, 0x7fff];
const lowers = [0x0000, 0x0001, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff];
const edges = uppers.flatMap((upper) =>
  [0, 0x8000].flatMap((sign) => lowers.map((lower) => ((upper | sign) << 16) | lower)),
);
const bitsOf = (x: Float32Array) => new Uint32Array(x.buffer, x.byteOffset, x.length);
/** Every 257th of all 2^32 patterns, from one more than `start` on; 257 and 2^32 have no common factor. */
const strided = (start: number, count: number) => Uint32Array.from({ length: count }, (_, i) => start + 257 * i);

describe.skipIf(!torch)(`a float32 in two halves${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));
  const folder = mkdtempSync(join(tmpdir(), "split-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const bytes = () => torch!.backend.memory().numBytes;

  const halvesOf = (bits: ArrayLike<number>) => {
    const x = tensor(new Float32Array(Uint32Array.from(bits).buffer));
    const halves = splitFloat32(x);
    x.dispose();
    return halves;
  };
  /** tensor values pass through JavaScript as bits: a NaN's payload stays. */
  const valuesOf = (x: Tensor) => {
    const values = x.dataSync<"float32">().slice();
    x.dispose();
    return values;
  };

  test.each([
    ["the edges", Uint32Array.from(edges)],
    ["a million patterns of all 2^32", strided(1, 1_000_003)],
    ["a million more", strided(0x8000_0003, 1_000_003)],
  ])("%s come back bit for bit", (_, bits) => {
    const halves = halvesOf(bits);
    const joined = bitsOf(valuesOf(joinFloat32(halves)));
    expect(Buffer.from(joined.buffer).equals(Buffer.from(bits.buffer))).toBe(true);
    dispose([halves.weight, halves.remainder]);
  });

  test("the weight is the nearest bfloat16; of a tie the one away from zero", () => {
    const finite = [...edges, ...strided(7, 300_000)].filter((bits) => (bits & 0x7fff_ffff) >>> 0 < 0x7f7f_8000);
    const halves = halvesOf(finite);
    const weights = bitsOf(halves.weight.dataSync<"float32">().slice());
    const even = bitsOf(valuesOf(tidy(() => toBfloat16(tensor(new Float32Array(Uint32Array.from(finite).buffer))))));
    let ties = 0;
    for (const [i, bits] of finite.entries()) {
      const isTie = (bits & 0xffff) === 0x8000;
      if (isTie) {
        ties++;
        expect(weights[i]).toBe(((((bits >>> 16) + 1) << 16) >>> 0) as number);
      } else if (weights[i] !== even[i]) expect(weights[i]).toBe(even[i]);
    }
    expect(ties).toBeGreaterThan(10);
    dispose([halves.weight, halves.remainder]);
  });

  test("takes the memory of one float32, and tells so", () => {
    const start = bytes();
    const halves = halvesOf(strided(1, 1000));
    expect(bytes() - start).toBe(4000);
    expect([halves.weight.dtype, halves.remainder.dtype]).toEqual(["float32", "int32"]);
    dispose([halves.weight, halves.remainder]);
  });

  test("a file gets the float32, in parts of 64 MB too", () => {
    const bits = strided(11, 17_000_000);
    const halves = halvesOf(bits);
    const [weight, remainder] = [variable(halves.weight), variable(halves.remainder)];
    const path = join(folder, "joined.safetensors");
    const data = tensorData({ weight, remainder }, "F32");
    writeSafetensors(path, [{ name: "x", dtype: "F32", shape: weight.shape, data }]);
    const file = openSafetensors(path);
    const read = file.read("x") as Float32Array;
    file.close();
    expect(Buffer.from(read.buffer).equals(Buffer.from(bits.buffer))).toBe(true);
    dispose([halves.weight, halves.remainder, weight, remainder]);
  });
});

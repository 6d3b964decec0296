import { type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import { addSquareSums, globalNorm, rootOfSquares, type SquareSum, sumOfSquares, toBfloat16 } from "@videor1/engine";
import { afterEach, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

/** Values of many sizes, the least and the largest of float32 among them, zeros of both signs too. */
function values(count: number, seed: number): Float32Array {
  const some = [2 ** -149, 2 ** -126, 3.4028234663852886e38, 0, -0, 1];
  const wave = (i: number) => Math.sin(seed + 7 * i);
  return Float32Array.from({ length: count }, (_, i) =>
    i % 97 === 0 ? some[(i / 97) % some.length]! : wave(i) * 2 ** Math.floor(30 * wave(3 * i + 1)),
  );
}

const sumOf = (x: Float32Array, narrow = false): SquareSum => {
  const wide = tensor(x);
  const stored = narrow ? toBfloat16(wide) : wide;
  const sum = sumOfSquares([stored]);
  for (const one of new Set([wide, stored])) one.dispose();
  return sum;
};

/** The exact sum of squares, in units of 2^-298: of (mantissa 2^exponent)^2 with integers. */
const exactly = (x: Float32Array): bigint =>
  [...new Uint32Array(x.buffer)].reduce((sum, bits) => {
    const exponent = (bits >>> 23) & 0xff;
    const mantissa = BigInt((bits & 0x7fffff) | (exponent > 0 ? 0x800000 : 0));
    return sum + ((mantissa * mantissa) << BigInt(2 * Math.max(0, exponent - 1)));
  }, 0n);

describe.skipIf(!torch)(`exact sums of squares${whyNot}`, () => {
  const before = torch?.torchInfo().cpuCapability;
  afterEach(() => {
    torch!.setTorchCpuCapability(before!);
    delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA;
  });

  test("are within 2^-37 of the sum without any rounding, and 0 of nothing", () => {
    for (const count of [1, 255, 256, 257, 5000]) {
      const x = values(count, count);
      const [found, expected] = [sumOf(x) as bigint, exactly(x)];
      const off = found > expected ? found - expected : expected - found;
      expect(off * 2n ** 37n <= expected).toBe(true);
    }
    expect([sumOfSquares([]), sumOf(new Float32Array(0)), sumOf(new Float32Array(300))]).toEqual([0n, 0n, 0n]);
    expect(rootOfSquares(sumOf(Float32Array.of(3, 4)))).toBe(5);
  });

  test("of slices that begin at multiples of 256 add up to that of the whole, in any order", () => {
    const x = values(70_000, 1);
    const cuts = [0, 256, 1024, 65_536, 69_888, 70_000];
    const parts = cuts.slice(1).map((end, i) => sumOf(x.subarray(cuts[i], end)));
    expect(parts.reduce(addSquareSums)).toBe(sumOf(x));
    expect(parts.reverse().reduce(addSquareSums)).toBe(sumOf(x));
  });

  test("are the same by every loop of the processor, and by the ops that a GPU runs", () => {
    for (const narrow of [false, true]) {
      const x = values(10_000, 2).map((value) => Math.max(-1e38, Math.min(1e38, value)));
      const sums = torch!.torchInfo().cpuCapabilities.map((name) => {
        torch!.setTorchCpuCapability(name);
        return sumOf(x, narrow);
      });
      process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
      for (const sum of sums) expect(sum).toBe(sumOf(x, narrow));
      delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA;
    }
  });

  test.each([
    [[Number.NaN], Number.NaN],
    [[Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
    [[Number.NEGATIVE_INFINITY, Number.NaN], Number.NaN],
  ])("say what is not finite: %s", (odd, expected) => {
    for (const rehearses of [false, true]) {
      if (rehearses) process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
      const sum = sumOf(Float32Array.from([...values(600, 3), ...odd]));
      expect(sum).toBe(expected);
      expect(rootOfSquares(addSquareSums(sum, 5n))).toBe(expected);
    }
  });

  test("are what the norm of gradients is, which leaves no tensor behind", () => {
    const norm = tidy(() => globalNorm([tensor([1, 2]), tensor([4, 6, 8, 10, 22])] as Tensor[]).dataSync()[0]);
    expect(norm).toBe(Math.fround(Math.sqrt(705)));
  });
});

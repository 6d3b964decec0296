import { add, matMul, randomUniform, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";
import { linear } from "@videor1/engine";
import { describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

describe.skipIf(!torch)(`products of few rows, as in decoding, equal those of libtorch${whyNot}`, () => {
  // 8, 4 and 1 rows at a time, 3 columns and 1: every remainder, and one count too many for these loops.
  const rows = [1, 3, 4, 7, 8, 9, 13, 16, 17];
  test.each(rows.flatMap((count) => [1, 5, 50].map((columns) => [count, columns])))("%i by %i", (count, columns) => {
    for (const depth of [16, 48, 50]) {
      const x: Tensor2D = randomUniform([count, depth], -1, 1, "float32", 1);
      const weight: Tensor2D = randomUniform([columns, depth], -1, 1, "float32", 2);
      const bias: Tensor1D = randomUniform([columns], -1, 1, "float32", 3);
      const product = matMul(x, weight, false, true);
      for (const [own, expected] of [
        [linear(x, weight), product],
        [linear(x, weight, bias), add(product, bias)],
      ] as const) {
        const values = expected.dataSync<"float32">();
        const largest = own.dataSync<"float32">().reduce((worst, y, i) => Math.max(worst, Math.abs(y - values[i]!)), 0);
        expect(largest).toBeLessThan(1e-5);
      }
    }
  });
});

import {
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor,
  variable,
} from "@tensorflow/tfjs-core";
import {
  attention,
  initEngine,
  toBfloat16,
  type VarlenAttentionOptions,
  valueAndGrads,
  varlenAttention,
} from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

type Op = (q: Tensor, k: Tensor, v: Tensor) => Tensor;

const noise = (shape: number[], seed: number): Tensor =>
  toBfloat16(
    tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(seed + 1.7 * i) * 1.2),
      shape,
    ),
  );

const varlen =
  (borders: number[], options: VarlenAttentionOptions): Op =>
  (q, k, v) =>
    varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, Int32Array.from(borders), options);

const packed = (P: number, S: number, [N, K, H]: [number, number, number]) => [
  [P, N, H],
  [S, K, H],
  [S, K, H],
];

const cases: { name: string; shapes: number[][]; op: Op; forward: number; backward: number }[] = [
  {
    name: "the vision tower's windows, head dim 80",
    shapes: packed(14, 14, [2, 2, 80]),
    op: varlen([0, 4, 4, 9, 14], {}),
    forward: 1,
    backward: 3,
  },
  {
    name: "causal sequences, grouped heads",
    shapes: packed(12, 12, [4, 2, 16]),
    op: varlen([0, 7, 12], { causal: true }),
    forward: 1,
    backward: 5,
  },
  {
    name: "completions of two of three prompts",
    shapes: packed(22, 22, [4, 2, 16]),
    op: varlen([0, 5, 9, 12, 16, 17, 22], { causal: true, prefixOf: Int32Array.of(-1, -1, -1, 0, 0, 2) }),
    forward: 2,
    backward: 10,
  },
  {
    name: "prompts' last tokens, and completions",
    shapes: packed(8, 17, [4, 2, 16]),
    op: varlen([0, 1, 2, 5, 8], {
      causal: true,
      cuKeys: Int32Array.of(0, 6, 11, 14, 17),
      prefixOf: Int32Array.of(-1, -1, 1, 1),
    }),
    forward: 2,
    backward: 10,
  },
  {
    name: "rows of a batch, fewer queries than keys",
    shapes: [
      [2, 3, 4, 8],
      [2, 7, 2, 8],
      [2, 7, 2, 8],
    ],
    op: (q, k, v) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { causal: true, keyCount: 6 }),
    forward: 1,
    backward: 5,
  },
];

describe.skipIf(!torch)(`attention as a GPU computes it${whyNot}`, () => {
  beforeAll(() => initEngine({ backend: "torch" }));

  /** Values and gradients, and what a GPU would have launched. */
  async function run(op: Op, shapes: number[][], counts: boolean) {
    const xs = shapes.map((shape, i) => variable(noise(shape, i)));
    const slope = noise(shapes[0]!, 9);
    let results: Float32Array[] = [];
    const work = () => {
      let y: Float32Array | undefined;
      const { grads } = valueAndGrads(
        () => {
          const output = op(xs[0]!, xs[1]!, xs[2]!);
          y = output.dataSync<"float32">().slice();
          return sum<Scalar>(mul(output, slope));
        },
        { q: xs[0]!, k: xs[1]!, v: xs[2]! },
      );
      results = [y!, ...["q", "k", "v"].map((name) => grads[name]!.dataSync<"float32">().slice())];
    };
    const launches = counts ? await torch!.countLaunches(work) : undefined;
    if (!launches) work();
    return { results, launches };
  }

  test.each(cases)("$name: what the CPU's loops give, by flash attention alone", async (given) => {
    const { results: expected } = await run(given.op, given.shapes, false);
    const { results, launches } = await run(given.op, given.shapes, true);
    for (const [i, values] of expected.entries()) {
      const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      for (const [at, value] of values.entries())
        expect(Math.abs(results[i]![at]! - value)).toBeLessThan(0.02 * largest);
    }
    const count = (name: string) => launches!.kernels.find((row) => row.name === `aten::_${name}`)?.count;
    expect(count("flash_attention_forward")).toBe(given.forward);
    expect(count("flash_attention_backward")).toBe(given.backward);
  });

  test.each([
    ["float32", [3, 2, 8], "float32"],
    ["a head of 12", [3, 2, 12], "bfloat16"],
  ])("%s goes without flash attention", async (_, shape, storage) => {
    const x = noise(shape, 1);
    const wide = storage === "float32" ? tensor(x.dataSync(), shape) : x;
    const { kernels } = await torch!.countLaunches(() => varlen([0, 3], {})(wide, wide, wide));
    expect(kernels).toEqual([{ name: "aten::scaled_dot_product_attention", count: 1 }]);
  });

  test("a list of borders comes to the device once", async () => {
    const x = noise([5, 2, 8], 1);
    const once = () => varlen([0, 2, 5], { causal: true })(x, x, x).dispose();
    const first = await torch!.countLaunches(once);
    expect([first.hostWrites, first.hostBytes]).toEqual([1, 12]);
    expect((await torch!.countLaunches(once)).hostWrites).toBe(0);
  });
});

// The fused kernels on views, on two threads, in chunks, at the ends of their range: beyond the conformance suite.
import {
  abs,
  mul,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tidy,
  transpose,
  variable,
} from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, linear, rmsNorm, rotaryEmbedding, swiglu, tokenLogps } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { attentionOf, attentionShapes, expectClose, noise, type Op, run } from "../test/fused.ts";
import { torch, whyNot } from "../test/torch.ts";

describe.skipIf(!torch)(`fused kernels${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  const table = (seed: number) => noise([1, 5, 4], seed) as Tensor3D;
  test.each<{ op: string; shapes: number[][]; run: Op }>([
    { op: "rmsNorm", shapes: [[5, 9], [9]], run: ([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6) },
    {
      op: "linear",
      shapes: [
        [5, 9],
        [3, 9],
      ],
      run: ([x, w]) => linear(x!, w as Tensor2D),
    },
    {
      op: "swiglu",
      shapes: [
        [5, 9],
        [5, 9],
      ],
      run: ([gate, up]) => swiglu(gate!, up!),
    },
    {
      op: "rotaryEmbedding",
      shapes: [[2, 5, 3, 8]],
      run: ([x]) => rotaryEmbedding(x as Tensor4D, table(1), table(2)),
    },
    { op: "attention", shapes: attentionShapes(2, 5, 5, 2, 2, 8), run: attentionOf({ causal: true }) },
    {
      op: "tokenLogps",
      shapes: [
        [4, 9],
        [7, 9],
      ],
      run: ([x, w]) => tokenLogps(x as Tensor2D, w as Tensor2D, tensor1d([0, 6, 3, 3], "int32")).logps,
    },
  ])("$op takes views as it takes dense tensors", ({ run: op, shapes }) => {
    // x = transpose(transpose(x)): the same values, in the order of the outer transpose's memory.
    const strided = (x: Tensor) => transpose(mul(transpose(x), 1));
    expectClose(
      run((inputs) => op(inputs.map(strided)), shapes),
      run(op, shapes),
    );
  });

  test("one thread and two give the same", () => {
    const ops: [Op, number[][]][] = [
      [([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6), [[700, 130], [130]]],
      [
        ([gate, up]) => swiglu(gate!, up!),
        [
          [300, 301],
          [300, 301],
        ],
      ],
      [attentionOf({ causal: true }), attentionShapes(3, 70, 70, 4, 2, 20)],
      [
        ([x, w]) => {
          const ids = tensor1d(new Int32Array(90).fill(17), "int32");
          return tokenLogps(x as Tensor2D, w as Tensor2D, ids, { chunkSize: 64 }).logps;
        },
        [
          [90, 20],
          [1500, 20],
        ],
      ],
    ];
    for (const [op, shapes] of ops) {
      const [one, two] = [1, 2].map((threads) => {
        torch!.setTorchThreads(threads);
        return run(op, shapes);
      });
      torch!.setTorchThreads(1);
      expectClose(two!, one!, 1e-6);
    }
  });

  test("swiglu keeps full precision from one end of float32 to the other", () => {
    const gates = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 10);
    const y = tidy(() => swiglu(tensor1d(gates), tensor1d(new Float32Array(4001).fill(1))).dataSync());
    for (const [i, g] of gates.entries()) {
      const expected = g / (1 + Math.exp(-g));
      expect(Math.abs(y[i]! - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected) + 1e-36);
    }
  });

  test.each([1, 7, 1000])("tokenLogps in chunks of %i: the same, and the entropy", (chunkSize) => {
    const shapes = [
      [23, 12],
      [50, 12],
    ];
    const ids = tensor1d(
      Int32Array.from({ length: 23 }, (_, t) => (t * 11) % 50),
      "int32",
    );
    const of =
      (size: number): Op =>
      ([x, w]) =>
        tokenLogps(x as Tensor2D, w as Tensor2D, ids, { chunkSize: size, temperature: 0.8 }).logps;
    expectClose(run(of(chunkSize), shapes), run(of(23), shapes));
    const entropy = (size: number) =>
      tidy(() => {
        const inputs = shapes.map((shape, i) => noise(shape, i)) as [Tensor2D, Tensor2D];
        return tokenLogps(...inputs, ids, { chunkSize: size }).entropy.dataSync<"float32">();
      });
    const uniform = tidy(() =>
      tokenLogps(mul(noise([23, 12], 1), 0), noise([50, 12], 2) as Tensor2D, ids).entropy.dataSync(),
    );
    expect(uniform[3]).toBeCloseTo(Math.log(50), 5);
    expectClose([entropy(chunkSize)], [entropy(23)]);
  });

  test("tokenLogps names an id that is not in the vocabulary", () => {
    const ids = tensor1d([1, 5], "int32");
    const attempt = () => tidy(() => tokenLogps(noise([2, 3], 1) as Tensor2D, noise([5, 3], 2) as Tensor2D, ids).logps);
    expect(attempt).toThrow("ids[1]=5 must lie in [0, V=5)");
  });

  test("adamwUpdate of a parameter that lies transposed in memory", () => {
    const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.05, step: 1 };
    const updated = [(x: Tensor) => x, (x: Tensor) => transpose(mul(transpose(x), 1))].map((lay) => {
      const [param, m, v] = [1, 2, 3].map((seed) => tidy(() => variable(lay(abs(noise([6, 5], seed))))));
      const grad = noise([6, 5], 4);
      adamwUpdate(param!, grad, m!, v!, options);
      return [param!, m!, v!].map((x) => x.dataSync<"float32">().slice());
    });
    expectClose(updated[1]!, updated[0]!, 1e-6);
  });
});

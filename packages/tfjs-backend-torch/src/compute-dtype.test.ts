// The rules of native/compute-dtype.h: the dtype, accuracy and bytes of the results of bfloat16 operands.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  dispose,
  engine,
  matMul,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor,
  tensor1d,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import {
  attention,
  globalNorm,
  initEngine,
  linear,
  rmsNorm,
  rotaryEmbedding,
  swiglu,
  tokenLogps,
  valueAndGrads,
  varlenAttention,
} from "@videor1/engine";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TorchBackend } from "../src/backend.ts";
import { noise } from "../test/fused.ts";
import { torch, whyNot } from "../test/torch.ts";

const folder = mkdtempSync(join(tmpdir(), "videor1-bf16-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The values of x, stored in bfloat16. */
function stored(x: Tensor): Tensor {
  const file = join(folder, "x");
  writeFileSync(file, Buffer.from(x.dataSync<"float32">().slice().buffer));
  const descriptor = openSync(file, "r");
  const backend = engine().backend as TorchBackend;
  const info = backend.callOne("ReadTensor", [], [descriptor, 0, 1, x.rank, ...x.shape], [0]);
  closeSync(descriptor);
  return engine().makeTensorFromTensorInfo(info);
}

describe.skipIf(!torch)(`bfloat16 behind float32${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));
  const ids = () => tensor1d([0, 6, 3, 3], "int32") as Tensor1D;
  const four = [2, 5, 2, 8];
  test.each<{ op: string; shapes: number[][]; bytes: number; run(x: Tensor[]): Tensor }>([
    {
      op: "linear",
      shapes: [
        [5, 9],
        [3, 9],
      ],
      bytes: 2,
      run: ([x, w]) => linear(x!, w as Tensor2D),
    },
    {
      op: "matMul",
      shapes: [
        [5, 9],
        [9, 3],
      ],
      bytes: 2,
      run: ([a, b]) => matMul(a!, b!),
    },
    { op: "rmsNorm", shapes: [[5, 9], [9]], bytes: 2, run: ([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6) },
    {
      op: "swiglu",
      shapes: [
        [5, 9],
        [5, 9],
      ],
      bytes: 2,
      run: ([gate, up]) => swiglu(gate!, up!),
    },
    {
      op: "attention",
      shapes: [four, four, four],
      bytes: 2,
      run: ([q, k, v]) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { causal: true }),
    },
    {
      op: "varlenAttention",
      shapes: [
        [7, 2, 8],
        [7, 2, 8],
        [7, 2, 8],
      ],
      bytes: 2,
      run: ([q, k, v]) => varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, Int32Array.of(0, 3, 7)),
    },
    {
      op: "rotaryEmbedding",
      shapes: [four, [1, 5, 4], [1, 5, 4]],
      bytes: 2,
      run: ([x, cos, sin]) => rotaryEmbedding(x as Tensor4D, cos as Tensor3D, sin as Tensor3D),
    },
    {
      op: "globalNorm",
      shapes: [
        [5, 9],
        [3, 9],
      ],
      bytes: 4,
      run: (x) => globalNorm(x),
    },
    {
      op: "tokenLogps",
      shapes: [
        [4, 9],
        [7, 9],
      ],
      bytes: 4,
      run: ([x, w]) => tokenLogps(x as Tensor2D, w as Tensor2D, ids()).logps,
    },
  ])("$op: near float32, $bytes bytes an element", ({ shapes, bytes, run }) => {
    const exact = shapes.map((shape, i) => noise(shape, i + 1));
    const rounded = exact.map(stored);
    const y = tidy(() => run(rounded));
    const [values, size] = [y.dataSync<"float32">().slice(), y.size];
    const bytesWith = torch!.backend.addon.bytes(false);
    y.dispose();
    expect(bytesWith - torch!.backend.addon.bytes(false)).toBe(bytes * size);
    const expected = tidy(() => run(exact).dataSync<"float32">().slice());
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(0.02 * largest);
    dispose([...exact, ...rounded]);
  });
});

describe.skipIf(!torch)(`loops over bfloat16, by instruction set${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));
  const chosen = torch?.torchInfo().cpuCapability;
  afterEach(() => torch!.setTorchCpuCapability(chosen!));

  /** An op and the gradients of the sum of its squares. */
  const pass = (run: (x: Tensor[]) => Tensor, inputs: Tensor[]) =>
    tidy(() => {
      const params = Object.fromEntries(inputs.map((x, i) => [String(i), variable(x)]));
      const { value, grads } = valueAndGrads(() => sum(square(run(Object.values(params)))) as Scalar, params);
      return [run(inputs), value, ...Object.values(grads)].map((x) => x.dataSync<"float32">().slice());
    });
  const rows = (count: number) => [
    [count, 64],
    [11, 64],
  ];
  const heads = [
    [2, 53, 4, 16],
    [2, 53, 2, 16],
    [2, 53, 2, 16],
  ];
  const cases: [op: string, shapes: number[][], run: (x: Tensor[]) => Tensor][] = [
    ...[1, 3, 7, 8, 16, 20].map((count): [string, number[][], (x: Tensor[]) => Tensor] => [
      `linear of ${count} rows`,
      [...rows(count), [11]],
      ([x, w, b]) => linear(x!, w as Tensor2D, b as Tensor1D),
    ]),
    ["rmsNorm", [[5, 40], [40]], ([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6)],
    ["swiglu", rows(11).map(() => [11, 64]), ([gate, up]) => swiglu(gate!, up!)],
    ["attention", heads, ([q, k, v]) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { causal: true })],
    [
      "attention of one query",
      [[2, 1, 4, 16], ...heads.slice(1)],
      ([q, k, v]) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { causal: true }),
    ],
  ];
  test.each(
    (torch?.torchInfo().cpuCapabilities ?? []).flatMap((set) => cases.map((entry) => [set, ...entry] as const)),
  )("%s, %s: float32 of the same values, rounded", (set, _, shapes, run) => {
    torch!.setTorchCpuCapability(set);
    const narrow = shapes.map((shape, i) => stored(noise(shape, i + 1)));
    const wide = narrow.map((x) => tensor(x.dataSync(), x.shape));
    const [given, expected] = [pass(run, narrow), pass(run, wide)];
    for (const [i, values] of given.entries()) {
      const largest = expected[i]!.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const off = Math.max(...values.map((value, j) => Math.abs(value - expected[i]![j]!)));
      expect(off).toBeLessThan((i === 0 ? 0.004 : 0.02) * largest); // 2^-8, and what the gradient of a square adds
    }
    dispose([...narrow, ...wide]);
  });
});

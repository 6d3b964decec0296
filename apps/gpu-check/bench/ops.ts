// Each fused kernel against the same op from tfjs ops, on one backend: CPU ms of a forward pass, without and with gradients.
//   npm run bench:ops [-- --threads 1]
// The sizes are those of "small" in src/sizes.json: 8 rows of 234 tokens, 8 x 512 patches.
import { parseArgs } from "node:util";
import {
  dispose,
  getKernel,
  randomNormal,
  randomUniform,
  registerKernel,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  unregisterKernel,
  variable,
} from "@tensorflow/tfjs-core";
import {
  attention,
  gelu,
  initEngine,
  linear,
  rmsNorm,
  rotaryEmbedding,
  swiglu,
  tokenLogps,
  valueAndGrads,
  varlenAttention,
} from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { setTorchThreads } from "@videor1/tfjs-backend-torch";

interface Case {
  kernel: string;
  shapes: number[][];
  run(inputs: Tensor[]): Tensor;
}

const { values: flags } = parseArgs({ options: { threads: { type: "string", default: "1" } } });
await initEngine({ backend: "torch" });
setTorchThreads(Number(flags.threads));

const tables = [randomNormal([8, 234, 32]), randomNormal([8, 234, 32])] as [Tensor3D, Tensor3D];
const ids = randomUniform([1872], 0, 8192, "int32") as Tensor1D;
const windows = Int32Array.from({ length: 65 }, (_, i) => 64 * i);
const cases: Case[] = [
  {
    kernel: "Linear",
    shapes: [[1872, 512], [512, 512], [512]],
    run: ([x, w, b]) => linear(x!, w as Tensor2D, b as Tensor1D),
  },
  { kernel: "RmsNorm", shapes: [[1872, 512], [512]], run: ([x, w]) => rmsNorm(x!, w as Tensor1D, 1e-6) },
  { kernel: "RotaryEmbedding", shapes: [[8, 234, 8, 64]], run: ([x]) => rotaryEmbedding(x as Tensor4D, ...tables) },
  {
    kernel: "Swiglu",
    shapes: [
      [1872, 2816],
      [1872, 2816],
    ],
    run: ([gate, up]) => swiglu(gate!, up!),
  },
  { kernel: "Gelu", shapes: [[1024, 1024]], run: ([x]) => gelu(x!) },
  {
    kernel: "Attention",
    shapes: [
      [8, 234, 8, 64],
      [8, 234, 2, 64],
      [8, 234, 2, 64],
    ],
    run: ([q, k, v]) => attention(q as Tensor4D, k as Tensor4D, v as Tensor4D, { causal: true }),
  },
  {
    kernel: "VarlenAttention",
    shapes: Array<number[]>(3).fill([4096, 4, 64]),
    run: ([q, k, v]) => varlenAttention(q as Tensor3D, k as Tensor3D, v as Tensor3D, windows),
  },
  {
    kernel: "TokenLogps",
    shapes: [
      [1872, 512],
      [8192, 512],
    ],
    run: ([hidden, w]) => tokenLogps(hidden as Tensor2D, w as Tensor2D, ids).logps,
  },
];

async function cpuMs(run: () => void): Promise<number> {
  return Number((1e3 * (await timeRuns(run, 5)).cpuSeconds).toFixed(2));
}

async function times({ shapes, run }: Case): Promise<[forward: number, step: number]> {
  const inputs = shapes.map((shape) => tidy(() => variable(randomNormal(shape))));
  const params = Object.fromEntries(inputs.map((input, i) => [String(i), input]));
  const forward = await cpuMs(() => tidy(() => void run(inputs)));
  const step = await cpuMs(() => {
    const { value, grads } = valueAndGrads(() => sum(run(inputs)) as Scalar, params);
    dispose([value, ...Object.values(grads)]);
  });
  dispose(inputs);
  return [forward, step];
}

const rows = [];
for (const entry of cases) {
  const [fusedForward, fusedStep] = await times(entry);
  const fused = getKernel(entry.kernel, "torch");
  unregisterKernel(entry.kernel, "torch"); // the op takes its composite form
  const [compositeForward, compositeStep] = await times(entry);
  registerKernel(fused);
  rows.push({ kernel: entry.kernel, fusedForward, compositeForward, fusedStep, compositeStep });
}
console.table(rows);
console.log(JSON.stringify({ bench: "fused kernels, CPU ms", threads: Number(flags.threads), rows }));

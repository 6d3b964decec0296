// The matrix products of one decoded token: the backend's own loops, by instruction set, beside libtorch's product.
//   npm run bench:few-rows --workspace apps/gpu-check [-- --threads 1 --rounds 7]
// CPU ms of all linear layers of "small" in src/sizes.json, the least of rounds that alternate. libtorch's product obeys its
// BLAS library's variables: OPENBLAS_CORETYPE=Haswell, or MKL_ENABLE_INSTRUCTIONS=AVX2, holds it to AVX2.
import { parseArgs } from "node:util";
import { matMul, randomNormal, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { initEngine, linear } from "@videor1/engine";
import { processCpuSeconds } from "@videor1/engine/test";
import { parseConfig } from "@videor1/model-qwen25vl";
import { setTorchCpuCapability, setTorchThreads, torchInfo } from "@videor1/tfjs-backend-torch";
import { sizes } from "../src/sizes.ts";

const { values: flags } = parseArgs({
  options: { threads: { type: "string", default: "1" }, rounds: { type: "string", default: "7" } },
});
await initEngine({ backend: "torch" });
setTorchThreads(Number(flags.threads));

const { text } = parseConfig(sizes.small!.config);
const [hidden, wide] = [text.hiddenSize, text.intermediateSize];
const keys = text.numKeyValueHeads * text.headDim;
/** [columns, depth] of one layer's weights. */
const layer = [
  [hidden, hidden],
  [keys, hidden],
  [keys, hidden],
  [hidden, hidden],
  [wide, hidden],
  [wide, hidden],
  [hidden, wide],
] as const;
const shapes = [...Array.from({ length: text.numHiddenLayers }, () => layer).flat(), [text.vocabSize, hidden] as const];
// Every layer has weights of its own: as in decoding, they come from memory and not from a cache.
const weights = shapes.map(([columns, depth]) => randomNormal([columns, depth]) as Tensor2D);

const inputs = (rows: number) =>
  new Map([hidden, wide].map((depth) => [depth, randomNormal([rows, depth]) as Tensor2D] as const));

const { cpuCapability, cpuCapabilities, version } = torchInfo();
const table = [1, 2, 3, 4, 6, 8, 12, 16].map((rows) => {
  const x = inputs(rows);
  const token = (product: (x: Tensor2D, weight: Tensor2D) => void) => {
    const start = processCpuSeconds();
    tidy(() => {
      for (const weight of weights) product(x.get(weight.shape[1])!, weight);
    });
    return 1e3 * (processCpuSeconds() - start);
  };
  const ways: [name: string, run: () => number][] = [
    ["libtorch", () => token((a, weight) => matMul(a, weight, false, true))],
    ...cpuCapabilities.map((name): [string, () => number] => [
      name,
      () => {
        setTorchCpuCapability(name);
        return token(linear);
      },
    ]),
  ];
  const least = ways.map(([name]) => [name, Number.POSITIVE_INFINITY] as [string, number]);
  for (let round = 0; round <= Number(flags.rounds); round++) {
    ways.forEach(([, run], i) => {
      const ms = run();
      if (round > 0) least[i]![1] = Math.min(least[i]![1], ms); // the first warms up
    });
  }
  return { rows, ...Object.fromEntries(least.map(([name, ms]) => [name, Number(ms.toFixed(1))])) };
});
setTorchCpuCapability(cpuCapability);
console.table(table);
console.log(
  JSON.stringify({ bench: "products of few rows, CPU ms", torch: version, threads: Number(flags.threads), table }),
);

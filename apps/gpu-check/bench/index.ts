// A model's forward pass, training step and generation: npm run bench --workspace apps/gpu-check [-- --size small --threads 1]
// The last line is JSON; bench/peer.py prints the same for PyTorch with transformers.
import { parseArgs } from "node:util";
import { initEngine } from "@videor1/engine";
import { timeRuns } from "@videor1/engine/test";
import { setTorchThreads, torchInfo } from "@videor1/tfjs-backend-torch";
import { sizes } from "../src/sizes.ts";
import { createWork } from "./work.ts";

const { values: flags } = parseArgs({
  options: {
    size: { type: "string", default: "small" },
    dtype: { type: "string", default: "float32" },
    threads: { type: "string", default: "1" },
    repetitions: { type: "string", default: "3" },
  },
});
await initEngine({ backend: "torch" });
setTorchThreads(Number(flags.threads));
if (flags.dtype !== "float32" && flags.dtype !== "bfloat16")
  throw new Error(`--dtype ${flags.dtype}: it is float32 or bfloat16`);
const work = createWork(flags.size, flags.dtype);
const { batch, decode } = sizes[flags.size]!;
const runs: Record<string, () => unknown> = {
  "forward of 1": () => work.forward(1),
  [`forward of ${batch}`]: () => work.forward(batch),
  [`generate ${batch} x ${decode.tokens}`]: () => work.generate(batch),
  [`complete ${batch} x ${decode.tokens}`]: () => work.complete(batch),
  [`training step of ${batch}`]: () => work.trainingStep(),
  "the same of one prompt": () => work.groupStep(),
};
const figures: Record<string, { seconds: number; cpuSeconds: number }> = {};
for (const [name, run] of Object.entries(runs)) {
  const { seconds, cpuSeconds } = await timeRuns(run, Number(flags.repetitions));
  figures[name] = { seconds, cpuSeconds };
  console.log(`${name.padEnd(24)} ${seconds.toFixed(3)} s, CPU ${cpuSeconds.toFixed(3)} s`);
}
const { version } = torchInfo();
console.log(
  JSON.stringify({
    size: flags.size,
    dtype: flags.dtype,
    engine: `torch ${version}`,
    threads: Number(flags.threads),
    figures,
  }),
);

// The time of a piece of work by kernel: npm run profile --workspace apps/gpu-check [-- --work trainingStep --dtype bfloat16 --size small --threads 1]
import { parseArgs } from "node:util";
import { renderTable } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { profileTorch, setTorchThreads } from "@videor1/tfjs-backend-torch";
import { sizes } from "../src/sizes.ts";
import { createWork } from "./work.ts";

const { values: flags } = parseArgs({
  options: {
    work: { type: "string", default: "trainingStep" },
    size: { type: "string", default: "small" },
    dtype: { type: "string", default: "float32" },
    threads: { type: "string", default: "1" },
  },
});
await initEngine({ backend: "torch" });
setTorchThreads(Number(flags.threads));
const work = createWork(flags.size, flags.dtype === "bfloat16" ? "bfloat16" : "float32");
const { batch } = sizes[flags.size]!;
const kinds: Record<string, () => unknown> = {
  trainingStep: () => work.trainingStep(),
  groupStep: () => work.groupStep(),
  forward1: () => work.forward(1),
  forward: () => work.forward(batch),
  generate: () => work.generate(batch),
  complete: () => work.complete(batch),
};
const run = kinds[flags.work];
if (!run) throw new Error(`--work ${flags.work}: it is one of ${Object.keys(kinds).join(", ")}`);
await run();
const start = performance.now();
const times = await profileTorch(async () => void (await run()));
const total = performance.now() - start;
const spent = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
const row = (name: string, count: string, ms: number) => [name, count, ms.toFixed(1), ((100 * ms) / total).toFixed(1)];
const rows = times.slice(0, 30).map(({ name, count, milliseconds }) => row(name, String(count), milliseconds));
rows.push(row("JavaScript, and waiting", "", total - spent), row(flags.work, "", total));
console.log(renderTable(["", "calls", "ms", "%"], rows));

// The time of a training step by kernel: npm run profile --workspace apps/gpu-check [-- --size small --threads 1]
import { parseArgs } from "node:util";
import { renderTable } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { profileTorch } from "@videor1/tfjs-backend-torch";
import { createWork } from "./work.ts";

const { values: flags } = parseArgs({
  options: { size: { type: "string", default: "small" }, threads: { type: "string", default: "1" } },
});
await initEngine({ backend: "torch", threads: Number(flags.threads) });
const work = createWork(flags.size);
work.trainingStep();
const start = performance.now();
const times = await profileTorch(() => work.trainingStep());
const total = performance.now() - start;
const spent = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
const row = (name: string, count: string, ms: number) => [name, count, ms.toFixed(1), ((100 * ms) / total).toFixed(1)];
const rows = times.slice(0, 30).map(({ name, count, milliseconds }) => row(name, String(count), milliseconds));
rows.push(row("JavaScript, and waiting", "", total - spent), row("training step", "", total));
console.log(renderTable(["", "calls", "ms", "%"], rows));

// The time of a training step by kernel: npm run profile --workspace apps/gpu-check [-- --size small --threads 1]
import { parseArgs } from "node:util";
import { engine } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import type { TorchBackend } from "@videor1/tfjs-backend-torch";
import { setTorchThreads } from "@videor1/tfjs-backend-torch";
import { createWork } from "./work.ts";

const { values: flags } = parseArgs({
  options: { size: { type: "string", default: "small" }, threads: { type: "string", default: "1" } },
});
await initEngine({ backend: "torch" });
setTorchThreads(Number(flags.threads));
const work = createWork(flags.size);
work.trainingStep();

const backend = engine().backend as TorchBackend;
const call = backend.call.bind(backend);
const spent = new Map<string, { calls: number; ms: number }>();
backend.call = (name, ...rest) => {
  const start = performance.now();
  const outputs = call(name, ...rest);
  const row = spent.get(name) ?? { calls: 0, ms: 0 };
  spent.set(name, { calls: row.calls + 1, ms: row.ms + performance.now() - start });
  return outputs;
};
const start = performance.now();
work.trainingStep();
const total = performance.now() - start;
const rows = [...spent].sort(([, a], [, b]) => b.ms - a.ms);
const native = rows.reduce((sum, [, { ms }]) => sum + ms, 0);
const line = (name: string, calls: number, ms: number) =>
  console.log(
    `${name.padEnd(24)} ${String(calls).padStart(6)} ${ms.toFixed(1).padStart(9)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} %`,
  );
for (const [name, { calls, ms }] of rows) line(name, calls, ms);
line("JavaScript", 0, total - native);
line("training step", 0, total);

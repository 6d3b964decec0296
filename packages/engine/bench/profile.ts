// Where a training step spends its time, by kernel: `npm run profile -w packages/engine [-- --shapes]`.
import { getKernelsForBackend } from "@tensorflow/tfjs-core";
import { initEngine } from "../src/backend.ts";
import { processCpuSeconds } from "../src/timing.ts";
import { createTrainingStep } from "./training-step.ts";

const { backend } = await initEngine({ backend: "wasm" });
const { step } = createTrainingStep();
const withShapes = process.argv.includes("--shapes");
const steps = 5;
const cpuMs = () => 1e3 * processCpuSeconds();
const times = new Map<string, { calls: number; ms: number }>();

/** CPU ms of the kernels that the running kernel has called itself. */
let innerMs = 0;

for (const kernel of getKernelsForBackend(backend)) {
  const run = kernel.kernelFunc;
  kernel.kernelFunc = (call) => {
    const [start, outerInnerMs] = [cpuMs(), innerMs];
    innerMs = 0;
    const result = run(call);
    const total = cpuMs() - start;
    const shapes = Object.values(call.inputs).map((input) => `[${input?.shape}]`);
    const name = withShapes ? `${kernel.kernelName} ${shapes.join(" ")}` : kernel.kernelName;
    const { calls, ms } = times.get(name) ?? { calls: 0, ms: 0 };
    times.set(name, { calls: calls + 1, ms: ms + total - innerMs });
    innerMs = outerInnerMs + total;
    return result;
  };
}

step();
step();
times.clear();
const start = cpuMs();
for (let i = 0; i < steps; i++) step();
const stepMs = (cpuMs() - start) / steps;

const rows = [...times].sort(([, a], [, b]) => b.ms - a.ms);
for (const [name, { calls, ms }] of rows.slice(0, 40)) {
  console.log(
    name.padEnd(withShapes ? 70 : 24),
    String(calls / steps).padStart(6),
    (ms / steps).toFixed(2).padStart(9),
  );
}
const kernelMs = rows.reduce((sum, [, { ms }]) => sum + ms, 0) / steps;
console.log(`step ${stepMs.toFixed(1)} ms CPU, of which kernels ${kernelMs.toFixed(1)}`);

// Where a training step spends its time, by kernel: `npm run profile -w packages/engine`.
import { dispose, getKernelsForBackend, type Tensor, variable, zerosLike } from "@tensorflow/tfjs-core";
import { adamwUpdate, initEngine, valueAndGrads } from "@videor1/engine";
import { createBenchModel } from "./model.ts";

const { backend } = await initEngine();
const model = createBenchModel();
const moments = Object.values(model.params).map((p) => [variable(zerosLike(p)), variable(zerosLike(p))] as const);

function step(count: number): void {
  const { value, grads } = valueAndGrads(model.loss, model.params);
  for (const [i, [name, param]] of Object.entries(model.params).entries()) {
    const [m, v] = moments[i]!;
    const options = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.01, step: count };
    adamwUpdate(param, grads[name]!, m, v, options);
  }
  dispose([value, ...Object.values(grads)] as Tensor[]);
}

/** CPU time rather than wall time: the machine may be shared. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

const times = new Map<string, { calls: number; ms: number }>();
let inner = 0;
for (const kernel of getKernelsForBackend(backend)) {
  const run = kernel.kernelFunc;
  kernel.kernelFunc = (call) => {
    const start = cpuMs();
    const outerInner = inner;
    inner = 0;
    const result = run(call);
    const total = cpuMs() - start;
    const shapes = process.argv.includes("--shapes")
      ? ` ${Object.values(call.inputs)
          .map((x) => `[${x?.shape}]`)
          .join(" ")} ${JSON.stringify(call.attrs ?? {}).slice(0, 60)}`
      : "";
    const entry = times.get(kernel.kernelName + shapes) ?? { calls: 0, ms: 0 };
    times.set(kernel.kernelName + shapes, { calls: entry.calls + 1, ms: entry.ms + total - inner });
    inner = outerInner + total;
    return result;
  };
}

step(1);
step(2);
times.clear();
const steps = 5;
const cpu = process.cpuUsage();
const start = performance.now();
for (let i = 0; i < steps; i++) step(3 + i);
const wallMs = (performance.now() - start) / steps;
const { user, system } = process.cpuUsage(cpu);
const rows = [...times].map(([name, { calls, ms }]) => ({ kernel: name, calls: calls / steps, ms: ms / steps }));
rows.sort((a, b) => b.ms - a.ms);
for (const { kernel, calls, ms } of rows.slice(0, process.argv.includes("--shapes") ? 45 : 30)) {
  console.log(kernel.padEnd(24), String(calls).padStart(6), ms.toFixed(2).padStart(8));
}
console.log(
  `kernels ${rows.reduce((sum, { ms }) => sum + ms, 0).toFixed(1)} ms, step ${wallMs.toFixed(1)} ms wall, ${((user + system) / 1e3 / steps).toFixed(1)} ms CPU`,
);

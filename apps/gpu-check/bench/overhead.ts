// What one op costs beside its arithmetic: microseconds of CPU time of a call on tensors of one element, median of 9 rounds.
//   node --conditions=@videor1/source --import tsx bench/overhead.ts
import { add, engine, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import type { TorchBackend } from "@videor1/tfjs-backend-torch";

const { device } = await initEngine({ backend: "torch" });
const backend = engine().backend as TorchBackend;
const [a, b] = [tensor1d([1]), tensor1d([2])];
const rounds = 9;
const calls = 100_000;

const cases: Record<string, () => void> = {
  "into the addon and back (a kernel without a tensor)": () => void backend.call("Nothing", []),
  "the backend's add: handles, addon, ATen": () => {
    const y = backend.callOne("Add", [a, b]);
    backend.disposeData(y.dataId);
  },
  "tfjs' add and dispose: the same through tfjs-core": () => {
    const y: Tensor = add(a, b);
    y.dispose();
  },
};

console.log(device);
for (const [name, run] of Object.entries(cases)) {
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage().user;
    for (let i = 0; i < calls; i++) run();
    return (process.cpuUsage().user - start) / calls;
  }).sort((x, y) => x - y);
  console.log(`${times[rounds >> 1]!.toFixed(2)} us  (best ${times[0]!.toFixed(2)})  ${name}`);
}

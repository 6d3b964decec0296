// The overhead of one op: the least microseconds of CPU time of a call on tensors of one element.
//   npm run bench:overhead --workspace apps/gpu-check
import { add, engine, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { timeCalls } from "@videor1/engine/test";
import type { TorchBackend } from "@videor1/tfjs-backend-torch";

const { device } = await initEngine({ backend: "torch" });
const backend = engine().backend as TorchBackend;
const [a, b] = [tensor1d([1]), tensor1d([2])];

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
  console.log(`${(1e6 * timeCalls(run, 9)).toFixed(2)} us  ${name}`);
}

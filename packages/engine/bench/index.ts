// How fast is the engine? `npm run bench -w packages/engine`; the last line is the same as JSON.
import "@tensorflow/tfjs-backend-wasm"; // registers tfjs' own kernels, which the engine then replaces
import { add, randomNormal, type Tensor2D } from "@tensorflow/tfjs-core";
import { initEngine } from "../src/backend.ts";
import { linear } from "../src/ops/linear.ts";
import { timeCalls } from "../src/timing.ts";
import { benchOps } from "./ops.ts";
import { benchProducts, ownMatMul } from "./products.ts";
import { createTrainingStep } from "./training-step.ts";

const own = ownMatMul();
const { device } = await initEngine({ backend: "wasm", fma: !process.argv.includes("--no-fma") });
console.log(device);

const products = benchProducts(own);
console.log("\nMatrix products, GFLOP/s");
console.table(products);

const ops = benchOps();
console.log("\nOps, CPU ms: forward, and forward + backward");
console.table(ops);

const x = randomNormal([1, 8]);
const weight = randomNormal([8, 8]) as Tensor2D;
const overheadUs = {
  linear: Number((1e6 * timeCalls(() => linear(x, weight).dispose())).toFixed(2)),
  add: Number((1e6 * timeCalls(() => add(x, x).dispose())).toFixed(2)),
};
console.log("\nOverhead of one op on tiny tensors, CPU us:", overheadUs);

const { step, forward } = createTrainingStep();
const stepMs = { forward: Math.round(1e3 * timeCalls(forward)), step: Math.round(1e3 * timeCalls(step)) };
console.log("\nTraining step of the bench model (0.8 M parameters, 1984 tokens, 2048 patches), CPU ms:", stepMs);

console.log(JSON.stringify({ bench: "engine", device, node: process.version, products, ops, overheadUs, stepMs }));

// A worker of data-parallel.test.ts: computes the gradients of the parts it is given, into shared memory.
import { parentPort, workerData } from "node:worker_threads";
import { tensor } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import { type GradientLayout, gradientShard, packGradients } from "../src/data-parallel.ts";
import { partGradients } from "./part-gradients.ts";

const { layout, memory, parts } = workerData as { layout: GradientLayout; memory: SharedArrayBuffer; parts: number[] };
await initEngine({ backend: "wasm" });
for (const part of parts) {
  const grads = Object.entries(partGradients(part)).map(([name, values]) => [name, tensor(values)] as const);
  packGradients(layout, Object.fromEntries(grads), gradientShard(layout, memory, part));
}
parentPort!.postMessage("done");

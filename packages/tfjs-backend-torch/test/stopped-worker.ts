// Ends a worker thread that computes for ever without a pause, as Ctrl-C does: it stops before its next op. Prints the
// memory that came back; exits with 1 if the main thread cannot go on.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { matMul, ones, setBackend, tidy } from "@tensorflow/tfjs-core";

const program = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(import.meta.url)})))`;

/** Counts its ops. */
async function computeForEver(ops: Int32Array): Promise<never> {
  await import("../src/index.ts");
  await setBackend("torch");
  const kept = ones([32, 1024, 1024]); // 128 MiB
  const x = ones([512, 512]);
  parentPort!.postMessage(kept.shape);
  for (;;) {
    tidy(() => matMul(x, x));
    Atomics.add(ops, 0, 1);
  }
}

if (isMainThread) {
  await import("../src/index.ts");
  await setBackend("torch");
  const ops = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(program, { eval: true, workerData: ops });
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  while (Atomics.load(ops, 0) < 3) await new Promise(setImmediate);
  const resident = process.memoryUsage.rss();
  await worker.terminate();
  console.log(JSON.stringify({ bytesBack: resident - process.memoryUsage.rss() }));
  const goesOn = matMul(ones([2, 3]), ones([3, 2])).dataSync();
  process.exitCode = String(goesOn) === "3,3,3,3" ? 0 : 1;
} else await computeForEver(workerData as Int32Array);

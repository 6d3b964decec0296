// Two worker threads compute at once, each in an environment of its own; exits with 1 if a result differs from one thread's.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { add, matMul, memory, mul, setBackend, sum, tensor2d, tidy, transpose } from "@tensorflow/tfjs-core";

/** A number that depends on every step before it; integers, so that it is exact. */
async function compute(seed: number): Promise<number> {
  const { setTorchThreads } = await import("../src/index.ts");
  await setBackend("torch");
  setTorchThreads(1);
  const values = Array.from({ length: 64 }, (_, i) => ((i * i + seed * i) % (5 + seed)) - 2);
  let total = 0;
  for (let step = 0; step < 500; step++) {
    total += tidy(() => {
      const x = tensor2d(values, [8, 8]);
      const y = add(matMul(x, transpose(x)), mul(x, step % 5));
      return sum(y).dataSync()[0]!;
    });
  }
  if (memory().numTensors !== 0) throw new Error(`${memory().numTensors} tensors are left`);
  return total;
}

/** A worker does not inherit --import tsx: it registers tsx before it loads this file. */
const program = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(import.meta.url)})))`;

const inWorker = (seed: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: seed });
    worker.once("message", resolve);
    worker.once("error", reject);
  });

if (isMainThread) {
  const seeds = [3, 5];
  const together = await Promise.all(seeds.map(inWorker));
  const alone = [];
  for (const seed of seeds) alone.push(await compute(seed));
  console.log(JSON.stringify({ together, alone }));
  process.exitCode = String(together) === String(alone) ? 0 : 1;
} else {
  parentPort!.postMessage(await compute(workerData as number));
}

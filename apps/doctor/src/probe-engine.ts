// node probe-engine.ts <backend>: starts an engine, multiplies two matrices of whole numbers, and prints what it is as JSON.
import { matMul, tensor2d } from "@tensorflow/tfjs-core";
import { describeError } from "@videor1/cli";
import { type BackendName, initEngine } from "@videor1/engine";

const [backend] = process.argv.slice(2) as [BackendName];
const n = 64;
try {
  const { device } = await initEngine({ backend });
  const values = (shift: number) => Float32Array.from({ length: n * n }, (_, i) => ((i * 7 + shift) % 11) - 5);
  const [a, b] = [values(1), values(3)];
  const product = matMul(tensor2d(a, [n, n]), tensor2d(b, [n, n])).dataSync();
  const isRight = product.every((value, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(i / n) * n + k]! * b[k * n + (i % n)]!;
    return value === sum;
  });
  console.log(JSON.stringify({ device, isRight }));
} catch (error) {
  console.log(JSON.stringify({ error: describeError(error) }));
}

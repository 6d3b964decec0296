import { engine, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { heapFloats, makeOutput } from "../wasm/module.ts";

const isOnHeap = (): boolean => engine().backendName === "wasm";

/** to = x, in row-major order; on wasm straight from the heap. @param to - As many float32 as x has. */
export function copyFloats(x: Tensor, to: Float32Array): void {
  to.set(isOnHeap() ? heapFloats(x) : (x.dataSync() as Float32Array));
}

/** The sum of arrays, in their order and in float32, as a tensor; on wasm it is made on the heap. @param parts - One or more. */
export function sumOfFloats(parts: readonly Float32Array[], shape: readonly number[]): Tensor {
  const [first, ...others] = parts as [Float32Array, ...Float32Array[]];
  if (!isOnHeap()) return tensor(addUp(first.slice(), others), [...shape], "float32");
  const output = makeOutput(shape, "float32");
  const total = heapFloats(output);
  total.set(first);
  addUp(total, others);
  return engine().makeTensorFromTensorInfo(output);
}

function addUp(total: Float32Array, others: readonly Float32Array[]): Float32Array {
  for (const values of others) for (let at = 0; at < total.length; at++) total[at]! += values[at]!;
  return total;
}

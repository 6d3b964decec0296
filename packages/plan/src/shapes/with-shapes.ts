import { engine, getKernel, registerBackend, registerKernel, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { initOwnBackend } from "@videor1/engine";
import { ShapeBackend } from "./shape-backend.ts";
import type { ShapeKernel } from "./shape-kernel.ts";
import { shapeKernels } from "./shape-kernels.ts";

const name = "shapes";

/** What `run` gives, computed on a `ShapeBackend` of its own; the current backend is current again afterwards. */
export async function withShapes<Result>(run: (backend: ShapeBackend) => Promise<Result>): Promise<Result> {
  const before: string | null | undefined = engine().backendName;
  const backend = new ShapeBackend();
  registerBackend(name, () => backend);
  for (const [kernelName, kernel] of Object.entries(shapeKernels)) register(kernelName, kernel);
  try {
    await initOwnBackend(name);
    return await run(backend);
  } finally {
    removeBackend(name);
    if (before) await setBackend(before);
  }
}

function register(kernelName: string, kernel: ShapeKernel): void {
  if (getKernel(kernelName, name)) return;
  registerKernel({ kernelName, backendName: name, kernelFunc: (call) => kernel(call as never) });
}

import { engine, setBackend } from "@tensorflow/tfjs-core";
import type { TorchBackend } from "../src/backend.ts";

type Torch = typeof import("../src/index.ts") & { backend: TorchBackend };

/** The package and its backend, or undefined where its addon is not built; `whyNot` is then the reason. */
export const { torch, whyNot } = await load();

async function load(): Promise<{ torch: Torch | undefined; whyNot: string }> {
  try {
    const index = await import("../src/index.ts");
    await setBackend("torch");
    index.setTorchThreads(1);
    return { torch: { ...index, backend: engine().backend as TorchBackend }, whyNot: "" };
  } catch (error) {
    const whyNot = (error as Error).message;
    console.warn(`torch tests are skipped: ${whyNot}`);
    return { torch: undefined, whyNot: ` (skipped: ${whyNot})` };
  }
}

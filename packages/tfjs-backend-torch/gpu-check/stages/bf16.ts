import { initEngine } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { defineBf16Tests } from "../../../model-qwen25vl/test/bf16-golden.ts";
import { report } from "../records.ts";
import { runTests } from "../runner.ts";

/** The golden cases with weights in bfloat16. */
export async function bf16(device: string): Promise<void> {
  await initEngine({ backend: "torch", device });
  const load = (folder: string) => loadModel(folder, { dtype: "bfloat16" });
  defineBf16Tests(load, (figure, value) => report({ figure, value, unit: "nats" }));
  await runTests(({ name, ...rest }) => report({ test: name, ...rest }));
}

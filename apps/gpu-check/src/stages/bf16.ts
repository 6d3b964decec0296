import { initEngine } from "@videor1/engine";
import { defineBf16Tests } from "../../../../packages/model-qwen25vl/test/bf16-golden.ts";
import { report } from "../records.ts";
import { runTests } from "../runner.ts";

/** The golden cases with weights in bfloat16. */
export async function bf16(device: string): Promise<void> {
  await initEngine({ backend: "torch", device });
  defineBf16Tests((figure, value, unit) => report({ figure, value, unit }));
  await runTests(({ name, ...rest }) => report({ test: name, ...rest }));
}

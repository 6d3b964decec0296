import { report } from "../records.ts";
import { runTests } from "../runner.ts";

/** The golden tests of the model and of its decode loop, on the backend that VIDEOR1_TEST_BACKEND names. */
export async function golden(): Promise<void> {
  await import("../../../../packages/model-qwen25vl/src/model.test.ts");
  await import("../../../../packages/model-qwen25vl/src/gradients.test.ts");
  await import("../../../../packages/model-qwen25vl/src/adapter-golden.test.ts");
  await import("../../../../packages/model-qwen25vl/src/logprobs.test.ts");
  await import("../../../../packages/model-qwen25vl/src/generate.test.ts");
  await import("../../../../packages/model-qwen25vl/src/decode-by-session.test.ts");
  await runTests(({ name, ...rest }) => report({ test: name, ...rest }));
}

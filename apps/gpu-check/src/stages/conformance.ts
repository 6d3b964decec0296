import { runConformance } from "@videor1/engine/test";
import { report } from "../records.ts";
import { describe, expect, runTests, test } from "../runner.ts";

/** The engine's conformance suite on torch, float32. */
export async function conformance(device: string): Promise<void> {
  runConformance({ backend: "torch", engine: { device }, describe, test, expect });
  await runTests(({ name, ...rest }) => report({ test: name, ...rest }));
}

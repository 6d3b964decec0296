import { describe, expect, test } from "vitest";
import { runConformance } from "./conformance.ts";

for (const fma of [true, false]) runConformance({ backend: "wasm", engine: { fma }, describe, test, expect });

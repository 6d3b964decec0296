import { describe, expect, test } from "vitest";
import { runConformance } from "./conformance.ts";

runConformance({ backend: "wasm", describe, test, expect });

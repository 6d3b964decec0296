import { runConformance } from "@videor1/engine/test";
import { describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

if (torch) runConformance({ backend: "torch", describe, test, expect });
else test.skip(`conformance${whyNot}`);

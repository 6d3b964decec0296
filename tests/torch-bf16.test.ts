import { initEngine } from "@videor1/engine";
import { beforeAll, test } from "vitest";
import { defineBf16Tests } from "../packages/model-qwen25vl/test/bf16-golden.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

if (torch) {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));
  defineBf16Tests();
} else test.skip(`the golden cases in bfloat16${whyNot}`, () => {});

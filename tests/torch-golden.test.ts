// The model's golden tests on the torch backend: forward, gradients, three AdamW steps, a GRPO step, greedy ids.
import { test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

process.env.VIDEOR1_TEST_BACKEND = "torch"; // of this test file's worker alone

if (torch) {
  await import("../packages/model-qwen25vl/src/model.test.ts");
  await import("../packages/model-qwen25vl/src/gradients.test.ts");
  await import("../packages/model-qwen25vl/src/logprobs.test.ts");
  await import("../packages/model-qwen25vl/src/generate.test.ts");
} else test.skip(`the model's golden tests${whyNot}`, () => {});

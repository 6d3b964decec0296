import { initEngine } from "@videor1/engine";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { defineAdamw8bitTests } from "../packages/engine/test/adamw8bit.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

describe.skipIf(!torch).each(["the CPU's loops", "CUDA's ops, on the CPU"])(
  `moments in codes, by %s${whyNot}`,
  (form) => {
    beforeAll(async () => {
      await initEngine({ backend: "torch" });
      if (form !== "the CPU's loops") vi.stubEnv("VIDEOR1_TORCH_REHEARSE_CUDA", "1");
    });
    afterAll(() => {
      vi.unstubAllEnvs();
    });
    defineAdamw8bitTests({ storesBfloat16: true });
  },
);

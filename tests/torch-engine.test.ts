import { initEngine } from "@videor1/engine";
import { describe, expect, test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

describe.skipIf(!torch)(`the engine starts torch${whyNot}`, () => {
  test("with the device and the threads asked for", async () => {
    const engine = { backend: "torch", device: "cpu" } as const;
    expect((await initEngine({ ...engine, threads: 2 })).device).toMatch(/^cpu, 2 threads, torch \d/);
    expect((await initEngine({ ...engine, threads: 1 })).device).toMatch(/^cpu, 1 thread, torch \d/);
  });

  test("and says so where there is no such device", async () => {
    await expect(initEngine({ backend: "torch", device: "cuda:99" })).rejects.toMatchObject({
      name: "TorchError",
      code: "BAD_DEVICE",
      message: expect.stringContaining('"cuda:99" cannot be used'),
    });
    expect((await initEngine({ backend: "torch" })).device).toMatch(/^cpu/);
  });

  test('"auto" takes it, and says why', async () => {
    expect(await initEngine()).toMatchObject({ backend: "torch", reason: expect.stringMatching(/torch/) });
  });
});

import { join } from "node:path";
import { initEngine } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { expect, test } from "vitest";
import { caseInputs, golden, goldenCase } from "../packages/model-qwen25vl/test/golden-case.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";

/** What the rehearsed form for CUDA enqueues for a token: without a device, by the names of the ops. */
async function launchesOfToken(name: string): Promise<string[]> {
  const model = await loadModel(join(golden, name), { dtype: "bfloat16" });
  const prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
  const options = { maxNewTokens: 2, temperature: 0.7, topP: 0.9, repetitionPenalty: 1.1, eosTokenIds: [1] };
  process.env.VIDEOR1_TORCH_REHEARSE_CUDA = "1";
  try {
    const all = await torch!.torchLaunches(() => model.generate(prompts, options));
    expect(all).toContain("host write"); // prompts and rows come from the host
    return all.filter((launch) => launch.startsWith("token/"));
  } finally {
    delete process.env.VIDEOR1_TORCH_REHEARSE_CUDA;
    model.dispose();
  }
}

test.skipIf(!torch)(`a token on CUDA waits for nothing of the host, and is so many ops of ATen${whyNot}`, async () => {
  await initEngine({ backend: "torch" });
  const launches = await launchesOfToken("tiny_a");
  const names = launches.map((launch) => launch.split("/").at(-1)!);
  expect(names.filter((name) => /host write|_local_scalar_dense|nonzero/.test(name))).toEqual([]);
  const ofLayers = launches.filter((launch) => launch.startsWith("token/layer/"));
  const layers = names.filter((name) => name === "aten::_softmax").length;
  expect(ofLayers.length / layers).toBe(30);
  expect(launches.length - ofLayers.length).toBeLessThanOrEqual(80); // embedding, tables, masks, norm, head, draw
});

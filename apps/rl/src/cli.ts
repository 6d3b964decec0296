import { runApp } from "@videor1/cli";
import { trainsAdapter } from "@videor1/model-qwen25vl";
import { RlConfig } from "./config.ts";

await runApp({
  name: "rl",
  description: "Train a policy with T-GRPO.",
  schema: RlConfig,
  folderKey: "outputDir",
  async ranks(ranks, { engine }) {
    const { joinRanks } = await import("@videor1/train");
    return await joinRanks(ranks, engine);
  },
  async plan(config, options) {
    const modules = [import("./plan.ts"), import("./with-steps.ts"), import("@videor1/plan")] as const;
    const [{ planOf }, { withSteps }, { printPlan }] = await Promise.all(modules);
    return await printPlan(planOf(await withSteps(config)), options);
  },
  async run(config, options) {
    const { trainRl } = await import("./train.ts"); // engines load only when needed
    const { modelDir } = await trainRl(config, options);
    options.print(`The ${trainsAdapter(config) ? "adapter" : "model"}: ${modelDir}`);
  },
});

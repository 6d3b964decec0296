import { runApp } from "@videor1/cli";
import { trainsAdapter } from "@videor1/model-qwen25vl";
import { RlConfig } from "./config.ts";

await runApp({
  name: "rl",
  description: "Train a policy with T-GRPO.",
  schema: RlConfig,
  folderKey: "outputDir",
  async plan(config, options) {
    const [{ planOf }, { printPlan }] = await Promise.all([import("./plan.ts"), import("@videor1/plan")]);
    return await printPlan(planOf(config), options);
  },
  async run(config, options) {
    const { trainRl } = await import("./train.ts"); // engines load only when needed
    const { modelDir } = await trainRl(config, options);
    options.print(`The ${trainsAdapter(config) ? "adapter" : "model"}: ${modelDir}`);
  },
});

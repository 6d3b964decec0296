import { runApp } from "@videor1/cli";
import { trainsAdapter } from "@videor1/model-qwen25vl";
import { SftConfig } from "./config.ts";

await runApp({
  name: "sft",
  description: "Supervised fine-tuning on chain-of-thought answers.",
  schema: SftConfig,
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
    const { trainSft } = await import("./train.ts"); // engines load only when needed
    const { modelDir } = await trainSft(config, options);
    options.print(`The ${trainsAdapter(config) ? "adapter" : "model"}: ${modelDir}`);
  },
});

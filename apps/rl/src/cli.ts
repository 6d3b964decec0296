import { runApp } from "@videor1/cli";
import { RlConfig } from "./config.ts";

await runApp({
  name: "rl",
  description: "Train a policy with T-GRPO.",
  schema: RlConfig,
  folderKey: "outputDir",
  async run(config, options) {
    const { trainRl } = await import("./train.ts"); // engines load only when needed
    const { modelDir } = await trainRl(config, options);
    const what = config.lora || config.adapter !== undefined ? "adapter" : "model";
    options.print(`The ${what}: ${modelDir}`);
  },
});

import { runApp } from "@videor1/cli";
import { MergeConfig } from "./config.ts";

await runApp({
  name: "merge",
  description: "Write a model with a LoRA adapter added to its weights.",
  schema: MergeConfig,
  defaultConfig: "configs/merge/qwen25vl-7b.yaml",
  async run(config, { print }) {
    const { merge } = await import("./merge.ts"); // engines load only when needed
    await merge(config, print);
    print(`The model: ${config.outputDir}`);
  },
});

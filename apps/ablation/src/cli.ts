import { runApp } from "@videor1/cli";
import { AblationConfig } from "./config.ts";

await runApp({
  name: "ablation",
  description: "Variants of T-GRPO on paired seeds, and what holds.",
  schema: AblationConfig,
  async run(config, options) {
    const { ablation } = await import("./ablation.ts");
    await ablation(config, options);
  },
});

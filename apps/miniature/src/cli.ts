import { runApp } from "@videor1/train";
import { MiniatureConfig } from "./config.ts";

const stages = ["sft", "rl", "bench"] as const;
const ofStage = (stage: string, argument: string) => argument.startsWith(`${stage}.`);
const [mine, theirs] = [process.argv.slice(2), {} as Record<(typeof stages)[number], string[]>];
for (const stage of stages)
  theirs[stage] = mine
    .filter((argument) => ofStage(stage, argument))
    .map((argument) => argument.slice(stage.length + 1));

await runApp({
  name: "start",
  description: "The whole of Video-R1 in miniature: data, SFT, T-GRPO, benchmark, report.",
  schema: MiniatureConfig,
  defaultConfig: "configs/miniature.yaml",
  argv: mine.filter((argument) => !stages.some((stage) => ofStage(stage, argument))),
  async run(config, options) {
    const { mainJob } = await import("./main-job.ts"); // engines load only when needed
    await mainJob(config, theirs, options);
  },
});

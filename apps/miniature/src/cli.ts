import { runApp } from "@videor1/cli";
import { MiniatureConfig } from "./config.ts";

const all = process.argv.slice(2);
/** Arguments `<stage>.key=value`, without the stage. */
const settingsOf = (stage: "sft" | "rl" | "bench") =>
  all.filter((argument) => argument.startsWith(`${stage}.`)).map((argument) => argument.slice(stage.length + 1));

await runApp({
  name: "start",
  description: "The whole of Video-R1 in miniature: data, SFT, RL in several ways, benchmark, report.",
  schema: MiniatureConfig,
  folderKey: "runDir",
  defaultConfig: "configs/miniature.yaml",
  argv: all.filter((argument) => !/^(sft|rl|bench)\./.test(argument)),
  async run(config, options) {
    const { mainJob } = await import("./main-job.ts"); // engines load only when needed
    await mainJob(config, { sft: settingsOf("sft"), rl: settingsOf("rl"), bench: settingsOf("bench") }, options);
  },
});

import { runApp } from "@videor1/cli";
import { expandShorthands } from "../shorthand.ts";
import { scoreArguments } from "./arguments.ts";
import { ScoreConfig } from "./config.ts";

/** `npm run bench -- score outputs.jsonl data=FOLDER --scorers=official,safe`. */
export const scoreCommand = (argv: readonly string[]): Promise<void> =>
  runApp({
    name: "bench -- score",
    description: "Score outputs that any harness made by several scorers, and show where these disagree.",
    schema: ScoreConfig,
    defaultConfig: "configs/score/default.yaml",
    argv: expandShorthands(scoreArguments(argv)),
    async run(config, options) {
      const { scoreOutputs } = await import("./run.ts");
      await scoreOutputs(config, options);
    },
  });

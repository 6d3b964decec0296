import { runApp } from "@videor1/cli";
import { expandShorthands } from "../shorthand.ts";
import { askArguments } from "./arguments.ts";
import { AskConfig } from "./config.ts";

await runApp({
  name: "ask",
  description: 'Ask a model one question: npm run ask -- model=... video=clip.mp4 "Which came first?"',
  schema: AskConfig,
  defaultConfig: "configs/ask/default.yaml",
  argv: askArguments(expandShorthands(process.argv.slice(2))),
  async run(config, options) {
    const { askOne } = await import("./ask-one.ts"); // engines load only when needed
    await askOne(config, options);
  },
});

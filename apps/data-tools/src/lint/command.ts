import { runVerb, type Verb } from "../verb.ts";
import { LintKeys } from "./lint-keys.ts";
import { lintText } from "./lint-text.ts";
import { runLint } from "./run-lint.ts";

const verb: Verb<typeof LintKeys> = {
  name: "lint",
  description: "Say what is wrong with a data set before any GPU is warm, and mend what is safe to mend.",
  schema: LintKeys,
  words: ["records…"],
  async run(config, options) {
    const result = await runLint(config, options);
    const { error, warning } = result.levels;
    return { text: lintText(result, config.show), result, isFine: error === 0 && !(config.strict && warning > 0) };
  },
};

export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

import { runVerb, type Verb } from "../verb.ts";
import { InspectKeys } from "./inspect-keys.ts";
import { inspectText } from "./inspect-text.ts";
import { runInspect } from "./run-inspect.ts";

const verb: Verb<typeof InspectKeys> = {
  name: "inspect",
  description: "Say what a data set consists of, or two beside each other; with a mediaRoot what its media are.",
  schema: InspectKeys,
  words: ["records…"],
  async run(config, options) {
    const result = await runInspect(config, options);
    return { text: inspectText(result), result };
  },
};

export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

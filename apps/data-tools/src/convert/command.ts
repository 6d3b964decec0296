import { runVerb, type Verb } from "../verb.ts";
import { ConvertSettings, MappingConfig } from "./config.ts";
import { convert } from "./convert.ts";
import { outcomeOf } from "./outcome.ts";
import { readMapping } from "./read-mapping.ts";

const verb: Verb<typeof ConvertSettings> = {
  name: "convert",
  description: "Make records of any questions about videos and images, and other forms of records.",
  schema: ConvertSettings,
  words: ["from", "output"],
  async run(config, { signal, print }) {
    const mapping = await readMapping(config.mapping, MappingConfig);
    return outcomeOf(await convert({ ...config, mapping }, signal, print), config.output);
  },
};

/** `videor1-data convert <from> <output>`. */
export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

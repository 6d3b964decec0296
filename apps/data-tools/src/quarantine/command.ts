import { extname } from "node:path";
import { z } from "zod";
import { type Outcome, runVerb, type Verb, VerbKeys } from "../verb.ts";
import { type Quarantined, quarantineRecords } from "./quarantine-records.ts";

const QuarantineConfig = VerbKeys.extend({
  records: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe("File of records, or a list: those that were checked"),
  ledger: z.string().describe("What videor1-data check wrote of them"),
  output: z.string().optional().describe("File of the records kept, .json or .jsonl; default: <records>.kept.json"),
  overwrite: z.boolean().default(false).describe("Write over outputs that are there"),
});

const verb: Verb<typeof QuarantineConfig> = {
  name: "quarantine",
  description: "Move the records that failed a check into a file of their own, with the reason.",
  schema: QuarantineConfig,
  words: ["records", "ledger"],
  async run({ ledger, overwrite, ...config }, { signal }) {
    const records = [config.records].flat();
    const ending = extname(records[0]!) || ".json";
    const output = config.output ?? `${records[0]!.slice(0, -ending.length)}.kept${ending}`;
    const quarantined = `${output}.quarantine.jsonl`;
    const counts = await quarantineRecords({ records, ledger, output, quarantined, overwrite, signal });
    return outcomeOf(counts, output, quarantined);
  },
};

export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

function outcomeOf(counts: Quarantined, output: string, quarantined: string): Outcome {
  const { read, kept, moved } = counts;
  const why = Object.entries(moved).map(([code, n]) => `${code} ${n}`);
  const rest = why.length > 0 ? `; ${read - kept} moved to ${quarantined}: ${why.join(", ")}` : "; none is moved";
  return { text: `${kept} of ${read} records kept in ${output}${rest}.`, result: { ...counts, output, quarantined } };
}

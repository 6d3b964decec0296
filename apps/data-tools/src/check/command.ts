import { availableParallelism } from "node:os";
import { z } from "zod";
import { mediaKeys, mediaSettings } from "../media/media-keys.ts";
import { type Outcome, runVerb, type Verb, VerbKeys } from "../verb.ts";
import { type Checked, checkMedia } from "./check-media.ts";

const CheckConfig = VerbKeys.extend({
  ...mediaKeys,
  output: z.string().optional().describe("The ledger, .jsonl; default: <records>.check.jsonl"),
  expect: z
    .string()
    .optional()
    .describe("An earlier ledger of these records: names those that training now sees otherwise"),
  concurrency: z
    .int()
    .min(1)
    .default(availableParallelism())
    .describe("Files that are decoded at once; memory grows with it"),
  overwrite: z.boolean().default(false).describe("Write over an output that another command made"),
});

const verb: Verb<typeof CheckConfig> = {
  name: "check",
  description: "Decode the media of every record as training will, and keep frames, times and hashes in a ledger.",
  schema: CheckConfig,
  words: ["records"],
  async run(config, { signal }) {
    const settings = mediaSettings(config);
    const output = config.output ?? `${settings.records[0]!.replace(/\.(jsonl?|ndjson)$/, "")}.check.jsonl`;
    const { expect, concurrency, overwrite } = config;
    return outcomeOf(output, await checkMedia(settings, { output, expect, concurrency, overwrite, signal }));
  },
};

export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

function outcomeOf(output: string, checked: Checked): Outcome {
  const { read, fine, failed, asked, failures, slowest, differing, decoded, decodedNow, filesPerSecond } = checked;
  const named = (of: { index: number; problemId: unknown }) =>
    `record ${of.index} (problem_id ${String(of.problemId)})`;
  const bad = read - fine;
  const differences = Object.entries(differing?.counts ?? {});
  const rate = filesPerSecond === null ? "" : `, ${filesPerSecond.toFixed(1)} a second`;
  const lines = [
    `${fine} of ${read} records decode as training will ask; ${asked} media, ${decoded} of them different, ${decodedNow} decoded now${rate}.`,
    ...(bad > 0
      ? [
          `${bad} fail: ${Object.entries(failed)
            .map(([code, n]) => `${code} ${n}`)
            .join(", ")}`,
        ]
      : []),
    ...failures.map((of) => `  ${named(of)}: ${of.failed!.message}`),
    ...(bad > failures.length ? [`  and ${bad - failures.length} more, see the ledger`] : []),
    ...(differing && differences.length === 0 ? ["All records are seen as expected."] : []),
    ...differences.map(([difference, n]) => `${n} records differ from those expected: ${difference}`),
    ...(differing?.first ?? []).map((of) => `  ${named(of)}: ${of.difference}`),
    ...(slowest[0] && slowest[0].seconds >= 1
      ? [`Slowest: ${slowest.map(({ path, seconds }) => `${path} ${seconds} s`).join(", ")}`]
      : []),
    `Ledger: ${output}`,
    ...(bad > 0 ? [`To take the failing records out: videor1-data quarantine <records> ${output}`] : []),
  ];
  return { text: lines.join("\n"), result: { ...checked, output }, isFine: bad === 0 && differences.length === 0 };
}

import { renderTable } from "@videor1/cli";
import { runVerb, type Verb } from "../verb.ts";
import { CurateConfig } from "./config.ts";
import { type Curated, curate } from "./curate.ts";

const verb: Verb<typeof CurateConfig> = {
  name: "curate",
  description: "Choose records to a composition of buckets and sources, and by difficulty.",
  schema: CurateConfig,
  words: ["records…"],
  async run(config, options) {
    const curated = await curate(config, options);
    const { output } = config;
    const { isNew, counts } = curated;
    return {
      text: text(curated, output),
      result: { output, sha256: curated.made.outputs[output]!.sha256, isNew, ...counts },
      isFine: counts.kept > 0,
    };
  },
};

/** `videor1-data curate`. */
export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

/** Invalid records named one by one, at most. */
const mostNamed = 5;

function text({ counts, isNew, invalid }: Curated, output: string): string {
  const { read, kept, leftOut, parts, passRates } = counts;
  const rows = Object.entries(parts).map(([name, { asked, available, taken }]) => [
    name,
    ...[asked, available, taken].map(String),
    asked > available ? `short by ${asked - available}` : "",
  ]);
  const reasons = Object.entries(leftOut).map(([code, count]) => `  ${code} ${count}`);
  const more = invalid.length > mostNamed ? [`  and ${invalid.length - mostNamed} more`] : [];
  return [
    renderTable(["part", "asked", "there are", "taken", ""], rows, { left: [0, 4] }),
    "",
    ...(passRates
      ? [
          `${passRates.recordsWithRate} records have a pass rate, of ${passRates.answers} answers to ${passRates.problems} problems; ${passRates.problemsWithoutRecord} of these are no record here`,
        ]
      : []),
    `${read} records read, ${kept} kept, ${read - kept} left out${reasons.length > 0 ? ":" : ""}`,
    ...reasons,
    ...invalid.slice(0, mostNamed).map((message) => `  ${message}`),
    ...more,
    isNew
      ? `${output}, and ${output}.recipe.yaml, which makes it again`
      : `${output} is there already, made by this command`,
  ].join("\n");
}

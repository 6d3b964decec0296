import { percent, renderTable } from "@videor1/cli";
import { runVerb, type Verb } from "../verb.ts";
import { SplitConfig } from "./config.ts";
import { type Split, split } from "./split.ts";

const verb: Verb<typeof SplitConfig> = {
  name: "split",
  description: "Split records into training and validation without leaks.",
  schema: SplitConfig,
  words: ["records…"],
  async run(config, options) {
    const done = await split(config, options);
    const { made, counts, isNew } = done;
    return { text: text(done, config), result: { outputs: made.outputs, isNew, ...counts } };
  },
};

/** `videor1-data split`. */
export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

/** Invalid records and unread media named one by one, at most. */
const mostNamed = 5;

function text({ counts, isNew, invalid, unread }: Split, { train, validation }: SplitConfig): string {
  const rows = Object.entries(counts.strata).map(([name, { records, asked, validation }]) => [
    name,
    ...[records, asked, validation].map(String),
  ]);
  const { media, leftOut } = counts;
  return [
    renderTable(["stratum", "records", "asked", "validation"], rows),
    "",
    `${counts.components} groups of records share no id and no media with each other; the largest has ${counts.largest}`,
    ...(media
      ? [`${media.paths} media paths, ${media.unread} of which cannot be read and count by their path alone`]
      : []),
    ...named(unread),
    `${counts.read} records read: ${counts.train} to train on, ${counts.validation} held back (${percent(counts.share)}; asked ${counts.asked})${leftOut.INVALID ? `, ${leftOut.INVALID} INVALID` : ""}`,
    ...named(invalid),
    isNew
      ? `${train} and ${validation}, and ${train}.recipe.yaml, which makes them again`
      : `${train} and ${validation} are there already, made by this command`,
  ].join("\n");
}

const named = (messages: readonly string[]): string[] => [
  ...messages.slice(0, mostNamed).map((message) => `  ${message}`),
  ...(messages.length > mostNamed ? [`  and ${messages.length - mostNamed} more`] : []),
];

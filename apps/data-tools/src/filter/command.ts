import type { AppOptions } from "@videor1/cli";
import { beginRecipe, finishRecipe } from "../files/recipe.ts";
import { createRecordWriter } from "../files/record-writer.ts";
import { type Outcome, runVerb, type Verb } from "../verb.ts";
import { FilterConfig } from "./config.ts";
import { type FilterCounts, filterRecords } from "./filter-records.ts";

const verb: Verb<typeof FilterConfig> = {
  name: "filter",
  description: "Keep the annotated records that are worth learning from, as training reads them.",
  schema: FilterConfig,
  words: ["records…"],
  run,
};

/** `videor1-data filter <records> output=FILE` */
export const command = async (argv: readonly string[]): Promise<void> => await runVerb(verb, argv);

async function run(config: FilterConfig, { signal, print }: AppOptions): Promise<Outcome> {
  const { records, output } = config;
  const droppedFile = `${output}.dropped.jsonl`;
  const files = { recipe: `${output}.recipe.yaml`, inputs: records, outputs: [output, droppedFile] };
  const outcomeOf = (counts: FilterCounts, isNew: boolean): Outcome => ({
    text: textOf(counts, config, isNew),
    result: { output, droppedFile, recipe: files.recipe, isNew, ...counts },
    isFine: counts.kept > 0,
  });
  const { hashes, done } = await beginRecipe(FilterConfig, config, files);
  if (done) return outcomeOf(done.counts as unknown as FilterCounts, false);

  const [kept, dropped] = [createRecordWriter(output), createRecordWriter(droppedFile)];
  const writers = [kept, dropped];
  try {
    const counts = await filterRecords(config, { keep: kept.write, drop: dropped.write }, signal);
    await finishRecipe(FilterConfig, config, { ...files, writers, hashes, counts: { ...counts }, print });
    return outcomeOf(counts, true);
  } finally {
    for (const writer of writers) writer.discard();
  }
}

function textOf(counts: FilterCounts, { output }: FilterConfig, isNew: boolean): string {
  const { read, kept, dropped, droppedBy, orderTalk, reflecting } = counts;
  const why = Object.entries(droppedBy).map(([code, count]) => `  ${code} ${count}`);
  return [
    `${read} records read, ${kept} kept, ${dropped} dropped${dropped > 0 ? ":" : ""}`,
    ...why,
    `Of the kept ones ${orderTalk} say when or in what order, ${reflecting} take another look.`,
    isNew
      ? `${output}; ${output}.dropped.jsonl with the reasons; ${output}.recipe.yaml, which makes both again`
      : `${output} is there already, made by this command`,
  ].join("\n");
}

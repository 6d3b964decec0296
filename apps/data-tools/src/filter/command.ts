import type { AppOptions } from "@videor1/cli";
import { fileSha256 } from "../files/file-sha256.ts";
import { refuseOtherOutput } from "../files/output-there.ts";
import { type Outcome, runVerb, type Verb } from "../verb.ts";
import { FilterConfig } from "./config.ts";
import { type Filtered, filterRecords } from "./filter-records.ts";
import { isOwnOutput, recipePath, writeRecipe } from "./recipe.ts";

const verb: Verb<typeof FilterConfig> = {
  name: "filter",
  description: "Keep the annotated records that are worth learning from, as training reads them.",
  schema: FilterConfig,
  words: ["records"],
  run,
};

/** `videor1-data filter <records> output=FILE` */
export const command = async (argv: readonly string[]): Promise<void> => await runVerb(verb, argv);

async function run(config: FilterConfig, { signal }: AppOptions): Promise<Outcome> {
  const { records, output, overwrite } = config;
  const files = [records].flat();
  refuseOtherOutput(output, files, { overwrite, isOwn: () => isOwnOutput(config) });
  const result = await filterRecords(config, signal, () => writeRecipe(config, []));
  const hashes = await Promise.all([...files, output].map((file) => fileSha256(file)));
  const facts = [...files.map((file) => `read ${file}`), `wrote ${output}`].map(
    (what, i) => `${what}, sha256 ${hashes[i]}`,
  );
  writeRecipe(config, [...facts, countsLine(result)]);
  return { text: textOf(result), result: { ...result, recipe: recipePath(output) }, isFine: result.kept > 0 };
}

const countsLine = ({ read, kept, dropped, droppedBy }: Filtered): string => {
  const codes = Object.entries(droppedBy).sort(([a], [b]) => (a < b ? -1 : 1));
  const why = codes.length > 0 ? ` (${codes.map(([code, count]) => `${code} ${count}`).join(", ")})` : "";
  return `${kept} of ${read} records kept, ${dropped} dropped${why}`;
};

const textOf = (result: Filtered): string =>
  [
    `${countsLine(result)}.`,
    `Of the kept ones ${result.orderTalk} say when or in what order, ${result.reflecting} take another look.`,
    `Records: ${result.output}`,
    ...(result.droppedFile === null ? [] : [`Dropped: ${result.droppedFile}`]),
    `Recipe: ${recipePath(result.output)}`,
  ].join("\n");

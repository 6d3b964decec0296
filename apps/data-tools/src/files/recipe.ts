import { existsSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describeConfig, loadConfig } from "@videor1/cli";
import { CodeVersion, codeVersion, replaceFile } from "@videor1/runs";
import { z } from "zod";
import { fileSha256 } from "./file-sha256.ts";
import { placeOf } from "./output-there.ts";
import { RecipeError } from "./recipe-error.ts";
import type { RecordWriter } from "./record-writer.ts";

const Made = z.object({
  /** SHA-256 of each file that was read. */
  inputs: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.object({ records: z.int().min(0), sha256: z.string() })),
  counts: z.record(z.string(), z.unknown()),
  code: CodeVersion,
});
export type Made = z.infer<typeof Made>;

/** The settings of a verb that leaves a recipe beside its result. */
export const RecipeKeys = z.strictObject({
  overwrite: z.boolean().default(false).describe("Replace outputs that are there"),
  allowChanged: z.boolean().default(false).describe("Make a recipe again although files that it read have changed"),
  made: Made.optional().describe("Written into a recipe: what was read and made; not a setting"),
});
type RecipeConfig = z.infer<typeof RecipeKeys> & { json: boolean };

/** A name that records can be written to. */
export const RecordFile = z
  .string()
  .regex(
    /\.(jsonl|ndjson|json|parquet)$/i,
    "must end in .jsonl, .ndjson, .json or .parquet, which says how they are written",
  );

export interface RecipeFiles {
  /** Where the recipe is written. */
  recipe: string;
  inputs: readonly string[];
  outputs: readonly string[];
}

/**
 * What stands before the work of a verb with a recipe: the hashes of its inputs and, if the outputs are there and the same command
 * made them, what it says of them.
 *
 * @throws {RecipeError} If an output is an input or was made otherwise, or the config is a recipe whose inputs have changed.
 */
export async function beginRecipe<Config extends RecipeConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  { recipe, inputs, outputs }: RecipeFiles,
): Promise<{ hashes: Record<string, string>; done?: Made }> {
  const places = [...inputs, ...outputs].map(placeOf);
  const twice = outputs.find((_, i) => places.indexOf(places[inputs.length + i]!) !== inputs.length + i);
  if (twice !== undefined)
    throw new RecipeError("RECIPE_OUTPUT", twice, "is read or written twice by this command", "Name another output.");
  const hashes = Object.fromEntries(await Promise.all(inputs.map(async (file) => [file, await fileSha256(file)])));
  if (config.made !== undefined && !config.allowChanged) checkInputs(config.made, hashes);
  const there = outputs.filter((file) => existsSync(file));
  if (there.length === 0 || config.overwrite) return { hashes };
  const made = madeBefore(schema, config, recipe, there[0]!);
  checkInputs(made, hashes, "Give overwrite=true to make it again, or name another output.");
  for (const file of there)
    if ((await fileSha256(file)) !== made.outputs[file]?.sha256)
      throw refused(file, "is there, and was changed since its recipe was written");
  return there.length === outputs.length ? { hashes, done: made } : { hashes };
}

const refused = (file: string, reason: string) =>
  new RecipeError("RECIPE_OUTPUT", file, reason, "Give overwrite=true to replace it, or name another output.");

function checkInputs(made: Made, hashes: Readonly<Record<string, string>>, hint?: string): void {
  const changed = Object.keys(hashes).filter((file) => (made.inputs[file] ?? hashes[file]) !== hashes[file]);
  if (changed.length === 0) return;
  const advice = hint ?? "Restore them, or give allowChanged=true for another result by the same settings.";
  throw new RecipeError("RECIPE_INPUTS", changed.join(", "), "changed since the recipe was written", advice);
}

/** What the recipe beside an output says, if it has the same settings. */
function madeBefore<Config extends RecipeConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  recipe: string,
  output: string,
): Made {
  const before = existsSync(recipe) ? readRecipe(schema, recipe) : undefined;
  if (before === "foreign") throw refused(output, `is there, and ${recipe} is not a recipe of this command`);
  if (before?.made === undefined) throw refused(output, "is there, and no recipe beside it says what made it");
  const [then, now] = [settingsOf(before), settingsOf(config)];
  const changed = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(then[key], now[key]),
  );
  if (changed.length === 0) return before.made;
  const what = changed.map((key) => `${key} ${JSON.stringify(then[key])}, now ${JSON.stringify(now[key])}`);
  throw refused(output, `is there, made with other settings: ${what.join("; ")}`);
}

function readRecipe<Config>(schema: z.ZodType<Config>, recipe: string): Config | "foreign" {
  try {
    return loadConfig(schema, recipe);
  } catch {
    return "foreign"; // of another verb or version, or damaged
  }
}

/** What decides the result, as plain values. */
function settingsOf({ json: _, overwrite: __, allowChanged: ___, made: ____, ...settings }: RecipeConfig) {
  return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
}

/**
 * Lets the written outputs appear, with the recipe that makes them again; after a crash at any moment, the same command does so.
 *
 * @param writers - of the outputs, in their order.
 * @throws {RecipeError} If an input was changed meanwhile.
 */
export async function finishRecipe<Config extends RecipeConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  {
    recipe,
    outputs,
    writers,
    hashes,
    counts,
    print,
  }: Omit<RecipeFiles, "inputs"> & {
    writers: readonly RecordWriter[];
    hashes: Readonly<Record<string, string>>;
    counts: Readonly<Record<string, unknown>>;
    print: (line: string) => void;
  },
): Promise<Made> {
  for (const [file, hash] of Object.entries(hashes))
    if ((await fileSha256(file)) !== hash)
      throw new RecipeError("RECIPE_INPUTS", file, "was changed while it was read", "Run the command again.");
  const made: Made = {
    inputs: { ...hashes },
    outputs: Object.fromEntries(
      outputs.map((file, i) => [file, { records: writers[i]!.count, sha256: writers[i]!.seal() }]),
    ),
    counts: { ...counts },
    code: codeVersion(import.meta.url),
  };
  for (const [file, { sha256 }] of Object.entries(made.outputs)) {
    const before = config.made?.outputs[file]?.sha256;
    if (before !== undefined && before !== sha256)
      print(`${file}: not the bytes that the recipe made before; settings, inputs or code are others`);
  }
  const { made: _, overwrite: __, allowChanged: ___, json: ____, ...settings } = config;
  const head = `# Makes ${outputs.join(" and ")} again, the same bytes; paths start from the working directory.\n`;
  replaceFile(recipe, `${head}${describeConfig(schema, { ...settings, made })}\n`);
  for (const file of outputs) rmSync(file, { force: true }); // never an old one beside a new one
  for (const writer of writers) writer.finish();
  return made;
}

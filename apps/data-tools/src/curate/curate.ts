import { progress } from "@videor1/cli";
import { type Allocation, chooseSample, type Part, partName, videoR1Composition } from "@videor1/curation";
import { readRecords } from "@videor1/data";
import { beginRecipe, finishRecipe, type Made } from "../files/recipe.ts";
import { createRecordWriter } from "../files/record-writer.ts";
import { createTally } from "../files/tally.ts";
import { CurateConfig } from "./config.ts";
import { PassRateError, type PassRates, passRateFile, readPassRates } from "./read-pass-rates.ts";
import { type Fate, type Survey, survey } from "./survey.ts";

/** What `curate` has done, or finds done by the same command. */
export interface Curated {
  made: Made;
  counts: CurateCounts;
  isNew: boolean;
  invalid: readonly string[];
}

/** Every record read is kept or left out for one reason. */
export interface CurateCounts {
  read: number;
  kept: number;
  leftOut: Partial<Record<Exclude<Fate, "chosen">, number>>;
  /** Records of each part: asked, available after all that is left out, taken. */
  parts: Record<string, Allocation>;
  /** Valid records before and after. */
  buckets: Record<string, { before: number; after: number }>;
  sources: Record<string, { before: number; after: number }>;
  passRates?: { problems: number; answers: number; recordsWithRate: number; problemsWithoutRecord: number };
}

export interface CurateOptions {
  signal: AbortSignal;
  print: (line: string) => void;
}

/**
 * Chooses records to a composition and writes them, as they are and in the order of their files, to `output`, and the recipe to
 * `output`.recipe.yaml.
 *
 * Of each part of the composition the records of the smallest keys are taken, within the limits on sources. A record's key,
 * -ln(u) / weight, comes from the seed, its data_source and its problem_id alone (`samplingKey`), so that no order of files and no
 * other record changes it: a record that is added can put others out, and brings none in but where a part's number follows from
 * how many there are. The files are read twice; what is held is a key and a few numbers a record.
 *
 * @throws {RecipeError} If the output is there and was made otherwise. @throws {CompositionError} As `allocate`.
 * @throws {DatasetError} If a file cannot be read. @throws {PassRateError} If a file of pass rates says none.
 */
export async function curate(config: CurateConfig, { signal, print }: CurateOptions): Promise<Curated> {
  const recipe = `${config.output}.recipe.yaml`;
  const rateFiles = (config.passRates ?? []).map(passRateFile);
  const outputs = [config.output];
  const { hashes, done } = await beginRecipe(CurateConfig, config, {
    recipe,
    inputs: [...config.records, ...rateFiles],
    outputs,
  });
  if (done) return { made: done, counts: done.counts as unknown as CurateCounts, isNew: false, invalid: [] };

  const rates = config.passRates && (await readPassRates(rateFiles, { rules: config.rules, signal, print }));
  const parts = partsOf(config);
  const found = await survey(config, parts, rates, signal);
  if (rates && found.withRate === 0)
    throw new PassRateError(
      "PASS_RATE_OF_NONE",
      `none of the ${rates.problems} problems in ${rateFiles.join(", ")} is a record of ${config.records.join(", ")}`,
      "Give the file of a run on these records; problems are told by problem_id and, where both have it, data_source.",
    );
  const { total, onShortfall, perSource: sources } = config;
  const { verdicts, allocations } = chooseSample(found.candidates, parts, { total, onShortfall, sources });
  for (const [i, place] of found.places.entries()) found.fates[place] = verdicts[i]!;

  const counts = countsOf(found, parts, allocations, rates);
  const writer = createRecordWriter(config.output, { indent: config.indent });
  try {
    await writeChosen(config.records, found.fates, (record) => writer.write(record), signal);
    const made = await finishRecipe(CurateConfig, config, {
      recipe,
      outputs,
      hashes,
      print,
      writers: [writer],
      counts: { ...counts },
    });
    return { made, counts, isNew: true, invalid: found.invalid };
  } finally {
    writer.discard();
  }
}

function partsOf({ composition, total }: CurateConfig): Part[] {
  if (composition === "video-r1") return videoR1Composition(total);
  return (composition ?? [total === undefined ? {} : { share: 1 }]) as Part[];
}

async function writeChosen(
  files: readonly string[],
  fates: readonly Fate[],
  write: (record: object) => void,
  signal: AbortSignal,
): Promise<void> {
  const bar = progress({ label: "records", total: fates.length });
  let index = 0;
  for (const file of files)
    for await (const { record } of readRecords(file)) {
      signal.throwIfAborted();
      if (fates[index] === "chosen") write(record as object);
      index += 1;
      if (index % 10_000 === 0) bar.update(index);
    }
  bar.stop();
}

function countsOf(
  { fates, groups, names, withRate }: Survey,
  parts: readonly Part[],
  allocations: readonly Allocation[],
  rates: PassRates | undefined,
): CurateCounts {
  const ends = createTally();
  const [before, after] = [names.map(() => 0), names.map(() => 0)];
  for (const [i, fate] of fates.entries()) {
    ends.add(fate);
    if (fate !== "INVALID") before[groups[i]!]! += 1;
    if (fate === "chosen") after[groups[i]!]! += 1;
  }
  const { chosen: kept = 0, ...leftOut } = ends.counts();
  const by = (trait: "bucket" | "source") => {
    const [was, is] = [createTally(), createTally()];
    for (const [i, name] of names.entries()) {
      was.add(name[trait], before[i]);
      is.add(name[trait], after[i]);
    }
    return Object.fromEntries(
      Object.entries(was.counts()).map(([name, count]) => [name, { before: count, after: is.of(name) }]),
    );
  };
  const partNames = parts.map((part, i) =>
    parts.findIndex((other) => partName(other) === partName(part)) === i
      ? partName(part)
      : `${partName(part)} (${i + 1})`,
  );
  return {
    read: fates.length,
    kept,
    leftOut,
    parts: Object.fromEntries(allocations.map((allocation, i) => [partNames[i]!, allocation])),
    buckets: by("bucket"),
    sources: by("source"),
    ...(rates && {
      passRates: {
        problems: rates.problems,
        answers: rates.answers,
        recordsWithRate: withRate,
        problemsWithoutRecord: rates.unused(),
      },
    }),
  };
}

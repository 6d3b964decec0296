import { progress } from "@videor1/cli";
import { bucketOf, createRecordLinks, type SplitItem, splitRecords } from "@videor1/curation";
import { type Example, readRecords } from "@videor1/data";
import { counter } from "../files/counter.ts";
import { readDataSet } from "../files/read-data-set.ts";
import { beginRecipe, finishRecipe, type Made } from "../files/recipe.ts";
import { createRecordWriter, type RecordWriter } from "../files/record-writer.ts";
import { SplitConfig } from "./config.ts";
import { hashMedia } from "./hash-media.ts";
import { SplitError } from "./split-error.ts";

/** Every record read is in one of the two files or left out. */
export interface SplitCounts {
  read: number;
  train: number;
  validation: number;
  leftOut: { INVALID?: number };
  /** Records asked of validation, and its share of the valid records. */
  asked: number;
  share: number;
  /** Groups of records that share something, and the records of the largest. */
  components: number;
  largest: number;
  strata: Record<string, { records: number; asked: number; validation: number }>;
  /** Media paths, and those that could not be read; only with `media`. */
  media?: { paths: number; unread: number };
}

export interface Split {
  made: Made;
  counts: SplitCounts;
  isNew: boolean;
  invalid: readonly string[];
  unread: readonly string[];
}

/**
 * Splits records into training and validation so that records of the same problem_id, of a common media file (by its path; with
 * `media` by its bytes too) or, with `text`, of the same question are on one side. Whole groups of such records are held back, in
 * the order of a draw from the seed, until each stratum has what is asked of it, as near as groups allow.
 *
 * @throws {RecipeError} If an output is there and was made otherwise. @throws {DatasetError} If a file cannot be read.
 * @throws {SplitError} If one of the two would be empty.
 */
export async function split(
  config: SplitConfig,
  { signal, print }: { signal: AbortSignal; print: (line: string) => void },
): Promise<Split> {
  const recipe = `${config.train}.recipe.yaml`;
  const outputs = [config.train, config.validation];
  const { hashes, done } = await beginRecipe(SplitConfig, config, { recipe, inputs: config.records, outputs });
  if (done) return { made: done, counts: done.counts as unknown as SplitCounts, isNew: false, invalid: [], unread: [] };

  const { sides, counts, invalid, unread, finish } = await sidesOf(config, signal);
  const writers: RecordWriter[] = [];
  try {
    for (const file of outputs) writers.push(createRecordWriter(file, { indent: config.indent }));
    await writeSides(config.records, sides, writers, signal);
    const made = await finishRecipe(SplitConfig, config, {
      recipe,
      outputs,
      writers,
      hashes,
      counts: { ...counts },
      print,
    });
    await finish();
    return { made, counts, isNew: true, invalid, unread };
  } finally {
    for (const writer of writers) writer.discard();
  }
}

/** Of every record in the order of the files: 0 for training, 1 for validation, -1 left out. */
async function sidesOf(config: SplitConfig, signal: AbortSignal) {
  const { records, rules, onInvalid, text, stratify, seed, mediaRoot } = config;
  const links = createRecordLinks({ text });
  const places: number[] = []; // of each valid record among all
  const invalid: string[] = [];
  const items: SplitItem[] = [];
  const strata = new Map<string, number>();
  const count = counter("split");
  let read = 0;
  for await (const { record, invalid: broken } of readDataSet(records, rules)) {
    signal.throwIfAborted();
    if (broken) {
      if (onInvalid === "error") throw broken.error;
      invalid.push(broken.error.message);
    } else {
      links.add(record.example);
      const stratum = stratify.map((trait) => traits[trait](record.example)).join(", ") || "all";
      if (!strata.has(stratum)) strata.set(stratum, strata.size);
      items.push({ component: 0, stratum: strata.get(stratum)!, name: String(record.example.problemId) });
      places.push(read);
    }
    read += 1;
    count.add();
  }
  count.stop();
  links.joinFolders();
  const paths = [...links.paths.keys()];
  const hashed =
    config.media && mediaRoot !== undefined
      ? await hashMedia(paths, { ...config, mediaRoot, journal: `${config.train}.journal`, signal })
      : undefined;
  for (const [path, own] of hashed?.hashes ?? []) for (const hash of own) links.joinContent(path, hash);
  const sizes = new Map<number, number>();
  for (const [i, item] of items.entries()) {
    item.component = links.sets.rootOf(i);
    sizes.set(item.component, (sizes.get(item.component) ?? 0) + 1);
  }
  const wanted = config.count ?? Math.max(1, Math.round((config.share ?? 0.05) * items.length));
  const { isHeldBack, asked } = splitRecords(items, { seed, count: wanted });

  const sides = new Int8Array(read).fill(-1);
  const held = asked.map(() => 0);
  const all = asked.map(() => 0);
  for (const [i, { stratum }] of items.entries()) {
    sides[places[i]!] = Number(isHeldBack[i]);
    all[stratum]! += 1;
    held[stratum]! += Number(isHeldBack[i]);
  }
  const validation = held.reduce((sum, count) => sum + count, 0);
  const largest = [...sizes.values()].reduce((most, size) => Math.max(most, size), 0);
  checkSides(items.length, validation, largest);
  const counts: SplitCounts = {
    read,
    train: items.length - validation,
    validation,
    leftOut: invalid.length > 0 ? { INVALID: invalid.length } : {},
    asked: wanted,
    share: validation / items.length,
    components: sizes.size,
    largest,
    strata: Object.fromEntries(
      [...strata]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, i]) => [name, { records: all[i]!, asked: asked[i]!, validation: held[i]! }]),
    ),
    ...(hashed && { media: { paths: paths.length, unread: hashed.unread.size } }),
  };
  const unread = paths.flatMap((path) => hashed?.unread.get(path) ?? []);
  return { sides, counts, invalid, unread, finish: hashed?.finish ?? (async () => {}) };
}

const traits: Readonly<Record<SplitConfig["stratify"][number], (example: Example) => string>> = {
  bucket: bucketOf,
  source: ({ dataSource }) => dataSource || '""',
  problemType: ({ problemType }) => problemType,
  dataType: ({ dataType }) => dataType,
};

function checkSides(valid: number, validation: number, largest: number): void {
  if (validation > 0 && validation < valid) return;
  const side = validation === 0 ? "validation" : "training";
  throw new SplitError(
    `${side} would be empty: the largest of the groups that share an id or media has ${largest} of the ${valid} records`,
    "Ask for another share or count, give stratify=[], or leave text and media out.",
  );
}

async function writeSides(
  files: readonly string[],
  sides: Int8Array,
  writers: readonly RecordWriter[],
  signal: AbortSignal,
): Promise<void> {
  const bar = progress({ label: "records", total: sides.length });
  let index = 0;
  for (const file of files)
    for await (const { record } of readRecords(file)) {
      signal.throwIfAborted();
      writers[sides[index]!]?.write(record as object);
      index += 1;
      if (index % 10_000 === 0) bar.update(index);
    }
  bar.stop();
}

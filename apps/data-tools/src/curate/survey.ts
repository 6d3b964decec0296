import { createHash } from "node:crypto";
import {
  bucketOf,
  type Candidate,
  type DataRecord,
  type DifficultyCode,
  type Part,
  partOf,
  samplingKey,
  type Verdict,
  weighDifficulty,
} from "@videor1/curation";
import { counter } from "../files/counter.ts";
import { readDataSet } from "../files/read-data-set.ts";
import type { CurateConfig } from "./config.ts";
import type { PassRates } from "./read-pass-rates.ts";

/** How a record ends. */
export type Fate = Verdict | DifficultyCode | "INVALID" | "DUPLICATE" | "NOT_IN_COMPOSITION";

/** What one reading of the records leaves in memory. */
export interface Survey {
  /** Of every record, in the order of the files. */
  fates: Fate[];
  /** Index of each valid record's pair of names; -1 of an invalid one. */
  groups: Int32Array;
  /** Bucket and source, each pair once. */
  names: { bucket: string; source: string }[];
  candidates: Candidate[];
  /** Index of each candidate among the records. */
  places: number[];
  invalid: string[];
  withRate: number;
}

/** Reads all records and says which can be drawn, by what key. */
export async function survey(
  { records, rules, seed, onInvalid, ...config }: CurateConfig,
  parts: readonly Part[],
  rates: PassRates | undefined,
  signal: AbortSignal,
): Promise<Survey> {
  const difficulty = { ...config, withoutRate: config.withoutPassRate };
  const [fates, groups, candidates, places, invalid]: [Fate[], number[], Candidate[], number[], string[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  const known = new Map<string, number>();
  const names: Survey["names"] = [];
  const seen = new Set<string>();
  let withRate = 0;

  function groupOf({ example }: DataRecord): number {
    const name = { bucket: bucketOf(example), source: example.dataSource };
    const key = JSON.stringify(name);
    const group = known.get(key) ?? names.push(name) - 1;
    known.set(key, group);
    return group;
  }

  function drawn({ fields, example }: DataRecord, source: string): Fate {
    const tie = createHash("sha256").update(JSON.stringify(fields)).digest("base64").slice(0, 16);
    if (seen.has(tie)) return "DUPLICATE";
    seen.add(tie);
    const part = partOf(example, parts);
    if (part < 0) return "NOT_IN_COMPOSITION";
    const rate = rates?.rateOf(example);
    if (rate !== undefined) withRate += 1;
    const weight = rates === undefined ? 1 : weighDifficulty(rate, difficulty);
    if (typeof weight === "string") return weight;
    places.push(fates.length);
    candidates.push({ part, source, key: samplingKey(seed, example, weight), tie });
    return "NOT_DRAWN";
  }

  const count = counter("curate");
  for await (const read of readDataSet(records, rules)) {
    signal.throwIfAborted();
    count.add();
    if (read.invalid) {
      if (onInvalid === "error") throw read.invalid.error;
      invalid.push(read.invalid.error.message);
      groups.push(-1);
      fates.push("INVALID");
    } else {
      const group = groupOf(read.record);
      groups.push(group);
      fates.push(drawn(read.record, names[group]!.source));
    }
  }
  count.stop();
  return { fates, groups: Int32Array.from(groups), names, candidates, places, invalid, withRate };
}

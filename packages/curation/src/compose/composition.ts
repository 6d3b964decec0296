import type { Example } from "@videor1/data";
import { bucketOf, buckets } from "../buckets.ts";

/** A part of a composition: which records it is for, and how many of them. */
export interface Part {
  /** Each that is there must hold; a list holds if one of it does. */
  bucket?: string | readonly string[];
  /** A data source; "a" is also "a/b". */
  source?: string | readonly string[];
  problemType?: string | readonly string[];
  dataType?: string | readonly string[];
  /** Records to take. Without count and share: all. */
  count?: number;
  /** Its weight among the parts that have a share. */
  share?: number;
  /** Fewer than that is an error. */
  least?: number;
}

/** The paper's seven buckets: with a total in its shares, else its counts. */
export const videoR1Composition = (total: number | undefined): Part[] =>
  buckets.map(({ name, records }) => ({
    bucket: name,
    ...(total === undefined ? { count: records } : { share: records }),
  }));

type Traits = Pick<Example, "dataSource" | "dataType" | "problemType" | "path">;

/** The first part that a record belongs to; -1 if none does. */
export const partOf = (example: Traits, parts: readonly Part[]): number =>
  parts.findIndex(
    ({ bucket, source, problemType, dataType }) =>
      isOneOf(dataType, example.dataType) &&
      isOneOf(problemType, example.problemType) &&
      (source === undefined || [source].flat().some((name) => isSource(example.dataSource, name))) &&
      (bucket === undefined || isOneOf(bucket, bucketOf(example))),
  );

const isOneOf = (wanted: string | readonly string[] | undefined, value: string): boolean =>
  wanted === undefined || [wanted].flat().includes(value);

const isSource = (source: string, name: string): boolean => source === name || source.startsWith(`${name}/`);

/** "Math, numerical": what a part is called in a table. */
export function partName({ bucket, source, problemType, dataType }: Part): string {
  const traits = [bucket, source, problemType, dataType].flatMap((trait) =>
    trait === undefined ? [] : [[trait].flat().join(" | ") || '""'],
  );
  return traits.join(", ") || "all";
}

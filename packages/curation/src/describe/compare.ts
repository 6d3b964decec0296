import type { Description, LengthName } from "./describe.ts";

/** A number of two data sets beside each other. */
export interface Difference {
  /** What is compared, such as "type", and of what, such as "numerical". */
  part: string;
  name: string;
  /** Records and their share of all, or a median. */
  first: number;
  second: number;
  firstShare?: number;
  secondShare?: number;
}

/** What two data sets consist of, number by number: every name that either has, in the order of the first. */
export function compareDescriptions(first: Description, second: Description): Difference[] {
  const parts: [part: string, of: (description: Description) => readonly { name: string; records: number }[]][] = [
    ["type", ({ types }) => types],
    ["modality", ({ modalities }) => modalities],
    ["bucket", ({ buckets }) => buckets],
    ["source", ({ buckets }) => buckets.flatMap(({ sources }) => sources)],
    ["options", ({ options }) => options],
    ["letter", ({ letters }) => letters],
  ];
  const counted = parts.flatMap(([part, of]) => {
    const [ours, theirs] = [countsOf(of(first)), countsOf(of(second))];
    return [...new Set([...ours.keys(), ...theirs.keys()])].map((name): Difference => {
      const [a, b] = [ours.get(name) ?? 0, theirs.get(name) ?? 0];
      return { part, name, first: a, second: b, firstShare: shareOf(a, ours), secondShare: shareOf(b, theirs) };
    });
  });
  const names = Object.keys(first.lengths) as LengthName[];
  const medians = names.flatMap((name): Difference[] => {
    const [a, b] = [first.lengths[name]?.median, second.lengths[name]?.median];
    return a === undefined && b === undefined ? [] : [{ part: "median", name, first: a ?? 0, second: b ?? 0 }];
  });
  return [
    { part: "all", name: "records", first: first.records, second: second.records },
    { part: "all", name: "different media", first: first.media.different, second: second.media.different },
    ...counted,
    ...medians,
  ];
}

/** A source may be in two buckets, by its path. */
function countsOf(counts: readonly { name: string; records: number }[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { name, records } of counts) all.set(name, (all.get(name) ?? 0) + records);
  return all;
}

function shareOf(count: number, counts: ReadonlyMap<string, number>): number {
  const sum = [...counts.values()].reduce((a, b) => a + b, 0);
  return sum === 0 ? 0 : count / sum;
}

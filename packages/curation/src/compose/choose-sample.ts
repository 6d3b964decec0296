import { type AllocateOptions, type Allocation, allocate } from "./allocate.ts";
import { apportion } from "./apportion.ts";
import type { Part } from "./composition.ts";

/** What choosing knows of a record. */
export interface Candidate {
  /** Index of its part. */
  part: number;
  source: string;
  /** The smaller, the sooner taken; see `samplingKey`. */
  key: number;
  /** Orders records of equal keys. */
  tie: string;
}

/** Bounds and balance of sources. */
export interface SourceRules {
  /** Records of one source in the whole sample. */
  most?: number | undefined;
  /** Of a part, so many of each source are taken first, as far as there are. */
  least: number;
  /** "asFound": a part's records whatever their sources; "equal": as many of each source, as far as there are. */
  balance: "asFound" | "equal";
}

export type Verdict = "chosen" | "SOURCE_LIMIT" | "NOT_DRAWN";

/**
 * Chooses records to a composition: of each part those of the smallest keys, within the rules on sources.
 *
 * The order of the candidates changes nothing. A record that is added can put others out; it brings none in, unless a part's
 * number comes from how many records there are (a share without total).
 *
 * @throws {CompositionError} As `allocate`.
 */
export function chooseSample(
  candidates: readonly Candidate[],
  parts: readonly Part[],
  { sources, ...options }: AllocateOptions & { sources: SourceRules },
): { verdicts: Verdict[]; allocations: Allocation[] } {
  const verdicts = candidates.map((): Verdict => "NOT_DRAWN");
  const order = Uint32Array.from(candidates.keys()).sort((a, b) => compare(candidates[a]!, candidates[b]!));
  const members: number[][] = parts.map(() => []);
  const ofSource = new Map<string, number>();
  for (const index of order) {
    const { part, source } = candidates[index]!;
    const before = ofSource.get(source) ?? 0;
    ofSource.set(source, before + 1);
    if (before >= (sources.most ?? Number.POSITIVE_INFINITY)) verdicts[index] = "SOURCE_LIMIT";
    else members[part]!.push(index);
  }
  const allocations = allocate(
    parts,
    members.map(({ length }) => length),
    options,
  );
  for (const [part, { taken }] of allocations.entries())
    for (const index of takeFirst(members[part]!, taken, (index) => candidates[index]!.source, sources))
      verdicts[index] = "chosen";
  return { verdicts, allocations };
}

function compare(a: Candidate, b: Candidate): number {
  return a.key - b.key || (a.tie < b.tie ? -1 : Number(a.tie > b.tie));
}

/** `count` of the members, which stand in order of their keys. */
function takeFirst(
  members: readonly number[],
  count: number,
  sourceOf: (member: number) => string,
  { least, balance }: SourceRules,
): number[] {
  if (balance === "asFound" && least === 0) return members.slice(0, count);
  const lists = new Map<string, number[]>();
  for (const member of members) {
    const source = sourceOf(member);
    const list = lists.get(source);
    if (list === undefined) lists.set(source, [member]);
    else list.push(member);
  }
  const names = [...lists.keys()].sort();
  const caps = names.map((name) =>
    balance === "equal" ? lists.get(name)!.length : Math.min(least, lists.get(name)!.length),
  );
  const seats = apportion(
    names.map(() => 1),
    count,
    caps,
  );
  const first = new Set(names.flatMap((name, i) => lists.get(name)!.slice(0, seats[i]!)));
  const rest = members.filter((member) => !first.has(member));
  return [...first, ...rest.slice(0, count - first.size)];
}

import { type Estimate, estimateMean } from "@videor1/statistics";
import { groupsOf, type Headline, headlineOf, headlineScore, type ScoredItem } from "./headline.ts";

/** Questions about one clip are not independent. */
export const clipOf = ({ item }: Pick<ScoredItem, "item">): string =>
  String([item.media[0]?.path ?? item.id].flat()[0]);

/**
 * A benchmark's number with its 95 % interval over clips: of a mean over items by Wilson's formula with the clips' design effect,
 * of a mean over groups by resampled clips, of which a resample leaves out the groups that it has no item of.
 *
 * @param next - uniform draws in [0, 1).
 * @throws {RangeError} If there is no item.
 */
export function headlineInterval(
  wanted: Headline,
  scored: readonly ScoredItem[],
  { next, resamples = 2000 }: { next: () => number; resamples?: number },
): Estimate {
  const items = scored.map(({ item }) => item);
  const headline = headlineOf(wanted, items);
  const value = headlineScore(headline, scored);
  const scores = scored.map(({ score }) => score);
  if (headline.over === "items") return { ...estimateMean(scores, scored.map(clipOf))!, mean: value };
  const { groups, mergedOf } = groupIndex(headline, scored);
  const clips = [...clipSums(headline, scored, groups).values()];
  const values = Float64Array.from({ length: resamples }, () => {
    const sums = new Float64Array(groups.size);
    const counts = new Float64Array(groups.size);
    for (let draw = 0; draw < clips.length; draw++)
      for (const { group, sum, n } of clips[Math.floor(next() * clips.length)]!) {
        sums[group]! += sum;
        counts[group]! += n;
      }
    return meanOfMeans(sums, counts, mergedOf);
  }).sort();
  const at = (share: number) => values[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples + 1)) - 1))]!;
  return { n: scored.length, mean: value, low: Math.min(value, at(0.025)), high: Math.max(value, at(0.975)) };
}

/** The groups of the headline's dimension by number, and of each the number of the group that it is merged into. */
function groupIndex({ over, merged = {} }: Headline, scored: readonly ScoredItem[]) {
  const names = new Set(scored.flatMap(({ item }) => groupsIn(item, over)));
  const groups = new Map([...names].map((name, i) => [name, i]));
  const mergedNames = [...names].map((name) => Object.entries(merged).find(([, of]) => of.includes(name))?.[0] ?? name);
  const numbers = new Map([...new Set(mergedNames)].map((name, i) => [name, i]));
  return { groups, mergedOf: mergedNames.map((name) => numbers.get(name)!) };
}

const groupsIn = (item: ScoredItem["item"], over: string): string[] =>
  groupsOf(item).flatMap(([dimension, group]) => (dimension === over ? [group] : []));

/** Of each clip the sums of its items' scores by group. */
function clipSums({ over }: Headline, scored: readonly ScoredItem[], groups: ReadonlyMap<string, number>) {
  const clips = new Map<string, { group: number; sum: number; n: number }[]>();
  for (const each of scored) {
    const sums = clips.get(clipOf(each)) ?? [];
    clips.set(clipOf(each), sums);
    for (const name of groupsIn(each.item, over)) {
      const group = groups.get(name)!;
      const found = sums.find((sum) => sum.group === group);
      if (found === undefined) sums.push({ group, sum: each.score, n: 1 });
      else Object.assign(found, { sum: found.sum + each.score, n: found.n + 1 });
    }
  }
  return clips;
}

/** The mean over merged groups of the means over their groups of mean scores; empty groups do not count. */
function meanOfMeans(sums: Float64Array, counts: Float64Array, mergedOf: readonly number[]): number {
  const parts = new Map<number, { sum: number; n: number }>();
  for (const [group, merged] of mergedOf.entries()) {
    if (counts[group] === 0) continue;
    const part = parts.get(merged) ?? { sum: 0, n: 0 };
    parts.set(merged, { sum: part.sum + sums[group]! / counts[group]!, n: part.n + 1 });
  }
  const means = [...parts.values()].map(({ sum, n }) => sum / n);
  return means.reduce((total, value) => total + value, 0) / means.length;
}

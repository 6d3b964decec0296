import type { GroupFinding } from "./check.ts";
import { wilson } from "./wilson.ts";

/** Records of one source and type from which a baseline is measured: with fewer its interval is wide. */
export const fewest = 100;

/** How far above chance the interval of a baseline has to begin to be told. */
export const margin = 0.05;

/** The name of the records that are measured together. */
export const groupOf = ({ dataSource, type }: { dataSource: string; type: string | undefined }): string =>
  `${dataSource || "no source"}, ${type}`;

export interface Measured {
  group: string;
  /** Sum of the rewards, each in [0, 1]. */
  earned: number;
  /** Sum of what chance earns. */
  expected: number;
  records: number;
  /** What earns it, such as "C" or "the longest option". */
  by: string;
}

/** The finding of a baseline whose 99 % interval lies `above` or more over chance; undefined of any other. */
export function aboveChance(
  { group, earned, expected, records, by }: Measured,
  above = margin,
): GroupFinding | undefined {
  if (records < fewest) return undefined;
  const [accuracy, chance] = [earned / records, expected / records];
  const { low, high } = wilson(accuracy, records);
  if (low < chance + above) return undefined;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const note = `${by} earns ${percent(accuracy)} (99% interval ${percent(low)} to ${percent(high)}), chance ${percent(chance)}`;
  return { group, note, records, values: { by, accuracy, low, high, chance } };
}

/** The findings of groups, those most above chance first. */
export const byExcess = (findings: readonly (GroupFinding | undefined)[]): GroupFinding[] =>
  findings
    .filter((finding) => finding !== undefined)
    .sort((a, b) => excess(b) - excess(a) || (a.group < b.group ? -1 : 1));

const excess = ({ values }: GroupFinding): number => Number(values.accuracy) - Number(values.chance);

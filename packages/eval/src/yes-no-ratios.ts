/** How answers yes and no agree with the gold; yes is positive. A ratio whose denominator is 0 is null. */
export interface YesNoRatios {
  n: number;
  accuracy: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Share of yes among the answers; an answer that is neither counts as no yes. */
  yesRatio: number;
  /** Share of yes among the golds. */
  goldYesRatio: number;
  /** Answers that are neither yes nor no; they are wrong, and no positives. */
  neither: number;
}

/** Ratios of answers yes and no; anything else that was `said` is neither. */
export function yesNoRatios(rows: readonly { gold: string; said: unknown }[]): YesNoRatios {
  const count = (isCounted: (row: { gold: string; said: unknown }) => boolean) => rows.filter(isCounted).length;
  const said = count((row) => row.said === "yes");
  const gold = count((row) => row.gold === "yes");
  const both = count((row) => row.said === "yes" && row.gold === "yes");
  return {
    n: rows.length,
    accuracy: count((row) => row.said === row.gold) / rows.length,
    precision: ratio(both, said),
    recall: ratio(both, gold),
    f1: ratio(2 * both, said + gold),
    yesRatio: said / rows.length,
    goldYesRatio: gold / rows.length,
    neither: count((row) => row.said !== "yes" && row.said !== "no"),
  };
}

const ratio = (count: number, total: number): number | null => (total === 0 ? null : count / total);

import type { BenchmarkItem } from "../../item.ts";
import type { BenchmarkScorer, Reading } from "../scorer.ts";

/**
 * POPE: no, if the text up to the first full stop, without commas, has the word No, no or not between single spaces; else
 * yes, an empty output included.
 *
 * @see AoiDragon/POPE@08d957b evaluate.py
 */
export const pope: BenchmarkScorer = { read, aggregate };

function read({ gold }: BenchmarkItem, output: string): Reading {
  const words = output.split(".")[0]!.replaceAll(",", "").split(" ");
  const extracted = words.some((word) => word === "No" || word === "not" || word === "no") ? "no" : "yes";
  return { score: (gold === "no") === (extracted === "no") ? 1 : 0, extracted };
}

/** Counts and their ratios, each category apart; `yes_ratio` is that of the answers. */
function aggregate(items: readonly BenchmarkItem[], readings: readonly Reading[]): Record<string, unknown> {
  const categories = new Set(items.map(({ groups }) => groups.task ?? ""));
  return Object.fromEntries([...categories].map((category) => [category, ratios(category)]));

  function ratios(category: string): Record<string, unknown> {
    const counts = { TP: 0, FP: 0, TN: 0, FN: 0 };
    for (const [i, { gold, groups }] of items.entries()) {
      if ((groups.task ?? "") !== category) continue;
      const saysYes = readings[i]!.extracted === "yes";
      counts[gold === "no" ? (saysYes ? "FP" : "TN") : saysYes ? "TP" : "FN"]++;
    }
    const { TP, FP, TN, FN } = counts;
    const total = TP + FP + TN + FN;
    if (TP + FP === 0 || TP + FN === 0 || TP === 0) return { ...counts, error: "ZeroDivisionError" };
    const precision = TP / (TP + FP);
    const recall = TP / (TP + FN);
    const f1 = (2 * precision * recall) / (precision + recall);
    return { ...counts, acc: (TP + TN) / total, precision, recall, f1, yes_ratio: (TP + FP) / total };
  }
}

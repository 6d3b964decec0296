import { isDisputed } from "@videor1/eval";
import { extractAnswer } from "@videor1/rewards";
import type { GradedPredictionLine, ReadingLine } from "@videor1/runs";
import type { ClipView, ItemChange, ItemView } from "./benchmark-data.ts";

/** Where an item stands among the others of the page. */
export interface ItemPlace {
  /** Index of its evaluation. */
  run: number;
  /** Index of the clips that were seen. */
  clips?: number | undefined;
  change?: ItemChange | undefined;
}

/** A graded item as the page shows it. */
export function itemView(item: GradedPredictionLine, { run, clips, change }: ItemPlace): ItemView {
  const { problemId, task, problem, options, path, solution, score, compared, outcome, readings = {} } = item;
  const answered = item.status === "answered";
  return {
    run,
    id: String(problemId),
    task,
    problem,
    options,
    path,
    gold: extractAnswer(solution) || solution,
    outcome: outcome ?? (answered ? "scored" : "engine-error"),
    score,
    output: answered ? item.output : null,
    ...(!answered && { reason: item.reason }),
    isCut: answered && item.finishReason === "length",
    ...(answered && item.completionTokens !== undefined && { tokens: item.completionTokens }),
    readings: Object.entries(readings).map(([scorer, reading]) => ({ scorer, ...reading })),
    disagrees: isDisputed({ readings: scoresOf(readings) }),
    ...(compared && { compared }),
    ...(change && { change }),
    ...(clips !== undefined && { clips }),
  };
}

const scoresOf = (readings: Readonly<Record<string, ReadingLine>>) =>
  Object.fromEntries(Object.entries(readings).map(([scorer, { score }]) => [scorer, { score }]));

/** Collects the clips of items, each once: the same frames of the same file have one index. */
export function clipCollector(): {
  clips: ClipView[][];
  indexOf: (item: GradedPredictionLine) => number | undefined;
} {
  const clips: ClipView[][] = [];
  const known = new Map<string, number>();
  const indexOf = (item: GradedPredictionLine) => {
    if (item.status !== "answered" || item.clips === undefined || item.clips.length === 0) return undefined;
    const key = JSON.stringify([item.path, item.clips]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const views = item.clips.map(({ indices, timestamps }) => ({
      indices,
      ...(timestamps && { seconds: timestamps.map((time) => Math.round(100 * time) / 100) }),
    }));
    known.set(key, clips.length);
    return clips.push(views) - 1;
  };
  return { clips, indexOf };
}

import type { BonusEffect } from "./bonus-effect.ts";
import { type Curve, ends } from "./curves.ts";
import { inUnit, percent, points, withPercent } from "./format.ts";
import type { TaskRow, TaskTable } from "./task-table.ts";

/** A sentence that the numbers of this run bear out, and what it rests on. */
export interface Finding {
  title: string;
  text: string;
}

/** A number before and after RL, for the top of the page. */
export interface Figure {
  label: string;
  before: string;
  after: string;
  unit: string;
  about: string;
}

/** The three numbers that the run is about; those that it has. */
export function figures(table: TaskTable, curves: readonly Curve[]): Figure[] {
  const { task, scores, orderGaps } = mainRow(table);
  const [gapBefore, gapAfter] = [orderGaps[0], orderGaps.at(-1)];
  const border = change(curves, "border");
  const [before, after] = [table.models[0]!, table.models.at(-1)!];
  const figure = (label: string, from: string, to: string, unit: string, about: string): Figure => ({
    ...{ label, before: from, after: to, unit, about },
  });
  return [
    figure("Score", percent(scores[0]!), percent(scores.at(-1)!), "%", `${task}, ${before} and ${after}`),
    ...(gapBefore == null || gapAfter == null
      ? []
      : [
          figure(
            "Order gap",
            points(gapBefore),
            points(gapAfter),
            "points",
            "frames in order minus shuffled, same questions",
          ),
        ]),
    ...(border
      ? [
          figure(
            "Shortcut",
            percent(border.first),
            percent(border.last),
            "%",
            `of thoughts lean on the border, first and last ${border.steps} RL steps`,
          ),
        ]
      : []),
  ];
}

/** The row that the run is judged by: the temporal tasks, or all where none is temporal. */
export const mainRow = ({ totals }: TaskTable): TaskRow => totals.find(({ temporal }) => temporal) ?? totals[0]!;

/** The run in one sentence, and how sure that is. */
export interface Headline {
  text: string;
  detail: string;
}

export function headline(table: TaskTable, steps: number): Headline {
  const { task, n, scores, difference } = mainRow(table);
  const { value, low, high } = difference;
  const [before, after] = [withPercent(scores[0]!), withPercent(scores.at(-1)!)];
  const change = low > 0 ? "up from" : high < 0 ? "down from" : "no clear change from";
  return {
    text: `After ${steps} steps of RL the model scores ${after} on the ${task}, ${change} ${before}.`,
    detail: `${points(value)} points, 95\u00a0% interval ${points(low)} to ${points(high)}, on ${n} held-back questions`,
  };
}

/**
 * What can be said of this run, the paper's claim first.
 *
 * @param effect - null where the run had no temporal reward.
 * @param isLiteral - whether the bonus was added to a reward that is divided by its standard deviation.
 */
export function findings(
  table: TaskTable,
  curves: readonly Curve[],
  effect: BonusEffect | null,
  isLiteral: boolean,
): Finding[] {
  return [
    orderFinding(table),
    shortcutFinding(curves),
    bonusFinding(effect, isLiteral),
    temporalFinding(curves, effect),
  ].filter((finding) => finding !== null);
}

/** First and last tenth of a curve's last line; null if the curve is absent or empty there. */
function change(curves: readonly Curve[], id: Curve["id"]): { first: number; last: number; steps: number } | null {
  const line = curves.find((curve) => curve.id === id)?.lines.at(-1);
  if (!line) return null;
  const { first, last, steps } = ends(line);
  return first === null || last === null ? null : { first, last, steps };
}

function orderFinding(table: TaskTable): Finding | null {
  const { task, orderGaps } = mainRow(table);
  const [before, after] = [orderGaps[0], orderGaps.at(-1)];
  if (before == null || after == null) return null;
  return {
    title: "What frame order is worth",
    text:
      `Asked the same questions with the frames shuffled, the scores on the ${task} change by ${points(-before)} points ` +
      `before RL and by ${points(-after)} after it. A model that watches the order loses much; one that guesses from a ` +
      "single frame or from the border loses nothing.",
  };
}

function shortcutFinding(curves: readonly Curve[]): Finding | null {
  const border = change(curves, "border");
  if (!border) return null;
  const verdict =
    border.last < border.first - 0.05
      ? "RL left the shortcut"
      : border.last > border.first + 0.05
        ? "RL took to the shortcut"
        : "RL left the shortcut share as it was";
  return {
    title: verdict,
    text:
      `In training the coloured border often suggests the right answer to direction and order questions. ` +
      `${withPercent(border.first)} of the thoughts lean on it in the first ${border.steps} steps, ` +
      `${withPercent(border.last)} in the last ${border.steps}. In the test set the border says nothing.`,
  };
}

function bonusFinding(effect: BonusEffect | null, isLiteral: boolean): Finding {
  if (!effect)
    return {
      title: "No temporal reward",
      text: "This run is plain GRPO: no shuffled frames were sampled in training.",
    };
  const { groups, paid, literal, asRun, reproduced } = effect;
  const share = (count: number) => `${count} of ${groups} groups (${withPercent(count / groups)})`;
  const replay =
    reproduced === groups
      ? "Scoring the logged answers again gives the logged advantages in every group."
      : `Scoring the logged answers again gives the logged advantages in only ${share(reproduced)}: read with care.`;
  if (!literal)
    return {
      title: "What the order bonus did",
      text:
        `This run is not T-GRPO: it rewards the dependence of a right answer on frame order, answer by answer. Some answer got ` +
        `a bonus in ${share(paid)}; it changed an advantage by more than 0.001 in ${share(asRun.groups)}, by at most ` +
        `${asRun.largest.toFixed(2)}. ${replay}`,
    };
  const inRun = isLiteral
    ? "This run used that form."
    : `In the form this run used, it changes one in ${share(asRun.groups)}, by at most ${asRun.largest.toFixed(2)}.`;
  return {
    title: "What the temporal bonus did",
    text:
      `Some answer got the bonus in ${share(paid)}. In the paper’s own form (added to the reward, then divided by the ` +
      `standard deviation) it changes an advantage by more than 0.001 in ${share(literal.groups)}, by at most ` +
      `${literal.largest.toFixed(2)}: ` +
      `one constant for all right answers cancels in the division unless a group has three or more levels of reward. ` +
      `${inRun} ${replay}`,
  };
}

function temporalFinding(curves: readonly Curve[], effect: BonusEffect | null): Finding | null {
  const [reward, gap] = [change(curves, "temporal"), change(curves, "gap")];
  if (!effect || !reward || !gap) return null;
  return {
    title: "Which curve to read",
    text:
      `The temporal reward went from ${inUnit(reward.first, "share")} to ${inUnit(reward.last, "share")}. That is no evidence for ` +
      `temporal reasoning: it also pays where p = p̃, which is so in ${effect.tied} of the ${effect.fired} groups where ` +
      `it fired (${effect.tiedAtZero} with no right answer at all), and whatever raises p raises it, plain GRPO included. ` +
      `The telling curve is p − p̃, which went from ${inUnit(gap.first, "difference")} to ${inUnit(gap.last, "difference")}.`,
  };
}

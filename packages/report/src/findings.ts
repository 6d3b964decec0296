import type { ContrastByThought } from "@videor1/miniature";
import { tenth } from "@videor1/statistics";
import type { BonusEffect } from "./bonus-effect.ts";
import type { Curve, Line } from "./curve.ts";
import { inUnit, inWords, percent, points, signedDecimal, withPercent } from "./format.ts";
import { verdict } from "./headline.ts";
import type { RlCurveId } from "./rl-series.ts";
import { mainRow, type TaskTable } from "./task-table.ts";

/** A sentence or two that the numbers bear out. */
export interface Finding {
  title: string;
  text: string;
}

/** What the temporal bonus did in an arm. */
export interface ArmEffect {
  effect: BonusEffect;
  /** Whether the bonus was added to a reward that is divided by its standard deviation. */
  isLiteral: boolean;
  contrast: ContrastByThought;
}

/**
 * @param names - of the arms.
 * @param table - null where they were not evaluated.
 * @param effects - of each arm; null where an arm had no temporal reward.
 */
export function findings(
  names: readonly string[],
  table: TaskTable | null,
  curves: readonly Curve[],
  effects: readonly (ArmEffect | null)[],
): Finding[] {
  const lineOf = (id: RlCurveId, arm: number) => completeLines(curves, id).find((line) => line.arm === arm);
  const ofArm = (arm: number) => (names.length > 1 ? ` in ${names[arm]}` : "");
  const ofArms = effects.flatMap((found, arm) =>
    found
      ? [
          bonusFinding(found, ofArm(arm)),
          temporalFinding(found.effect, lineOf("temporal", arm), lineOf("gap", arm), ofArm(arm)),
        ]
      : [],
  );
  return [
    table && armsFinding(table),
    table && orderFinding(table),
    shortcutFinding(curves, names),
    ...(ofArms.length > 0 ? ofArms : [noTemporalReward]),
  ].filter((finding) => finding !== null);
}

const noTemporalReward: Finding = {
  title: "No temporal reward",
  text: "This is plain GRPO: no shuffled frames were sampled in training.",
};

type CompleteLine = Line & { first: number; last: number };

/** The lines of a curve that have both ends. */
const completeLines = (curves: readonly Curve[], id: RlCurveId): CompleteLine[] =>
  (curves.find((curve) => curve.id === id)?.lines ?? []).filter(
    (line): line is CompleteLine => line.first !== null && line.last !== null,
  );

function armsFinding(table: TaskTable): Finding | null {
  const [first, ...others] = table.models.slice(1);
  if (others.length === 0) return null;
  const { task, differences } = mainRow(table);
  const sentences = differences.map(
    ({ value, low, high }, i) =>
      `${others[i]} scores ${points(value)} points (${points(low)} to ${points(high)}): ${verdict({ value, low, high })}.`,
  );
  return {
    title: `Against ${first}`,
    text:
      `On the ${task}, question by question, ${sentences.join(" ")} The arms started from one model and met the same ` +
      "questions. The intervals are over questions; they know nothing of the spread between seeds, which one run an arm cannot show.",
  };
}

function orderFinding(table: TaskTable): Finding | null {
  const { task, orderGaps } = mainRow(table);
  const gaps = orderGaps.flatMap((gap, i) => {
    const when = i === 0 ? "before RL" : table.models.length > 2 ? `with ${table.models[i]}` : "after it";
    return gap ? [`by ${points(-gap.value)} points ${when}`] : [];
  });
  if (gaps.length < orderGaps.length) return null;
  return {
    title: "What frame order is worth",
    text:
      `Asked the same questions with the frames shuffled, the scores on the ${task} change ${inWords(gaps)}. A model that ` +
      "watches the order loses much; one that guesses from a single frame or from the border loses nothing.",
  };
}

function shortcutFinding(curves: readonly Curve[], names: readonly string[]): Finding | null {
  const lines = completeLines(curves, "border");
  if (lines.length === 0) return null;
  const moved = new Set(lines.map(({ first, last }) => (last < first - 0.05 ? -1 : last > first + 0.05 ? 1 : 0)));
  const [only] = moved;
  const title =
    moved.size > 1
      ? "Not every arm left the shortcut"
      : only === -1
        ? "RL left the shortcut"
        : only === 1
          ? "RL took to the shortcut"
          : "RL left the shortcut share as it was";
  const steps = tenth(curves.find(({ id }) => id === "border")!.steps.length);
  const { first, last } = lines[0]!;
  const ofArms = lines.map(({ arm, first, last }) => `${percent(first)} and ${withPercent(last)} in ${names[arm]}`);
  const shares =
    names.length > 1
      ? `Of the thoughts in the first and the last ${steps} steps lean on it: ${inWords(ofArms)}.`
      : `${withPercent(first)} of the thoughts lean on it in the first ${steps} steps, ${withPercent(last)} in the last ${steps}.`;
  return {
    title,
    text:
      "In training the coloured border often suggests the right answer to direction and order questions. " +
      `${shares} In the test set the border says nothing.`,
  };
}

function bonusFinding({ effect, isLiteral, contrast }: ArmEffect, ofArm: string): Finding {
  const { groups, paid, literal, asRun, reproduced } = effect;
  const share = (count: number) => `${count} of ${groups} groups (${withPercent(count / groups)})`;
  const replay =
    reproduced === groups
      ? "Scoring the logged answers again gives the logged advantages in every group."
      : `Scoring the logged answers again gives the logged advantages in only ${share(reproduced)}: read with care.`;
  if (!literal) {
    const { border, frames } = contrast;
    const byThought =
      border === null || frames === null
        ? ""
        : `With the frames in order, right answers that lean on the border were likelier by ${signedDecimal(border)} nats, ` +
          `those that do not by ${signedDecimal(frames)}. `;
    return {
      title: `What the order bonus did${ofArm}`,
      text:
        "It is not T-GRPO: it rewards the dependence of a right answer on frame order, answer by answer. " +
        `${byThought}Some answer got a bonus in ${share(paid)}; it changed an advantage by more than 0.001 in ` +
        `${share(asRun.groups)}, by at most ${asRun.largest.toFixed(2)}. ${replay}`,
    };
  }
  const inRun = isLiteral
    ? "That form was used here."
    : `In the form used here, it changes one in ${share(asRun.groups)}, by at most ${asRun.largest.toFixed(2)}.`;
  return {
    title: `What the temporal bonus did${ofArm}`,
    text:
      `Some answer got the bonus in ${share(paid)}. In the paper’s own form (added to the reward, then divided by the ` +
      `standard deviation) it changes an advantage by more than 0.001 in ${share(literal.groups)}, by at most ` +
      `${literal.largest.toFixed(2)}: ` +
      `one constant for all right answers cancels in the division unless a group has three or more levels of reward. ` +
      `${inRun} ${replay}`,
  };
}

function temporalFinding(
  effect: BonusEffect,
  reward: CompleteLine | undefined,
  gap: CompleteLine | undefined,
  ofArm: string,
): Finding | null {
  if (!reward || !gap) return null;
  return {
    title: "Which curve to read",
    text:
      `The temporal reward${ofArm} went from ${inUnit(reward.first, "share")} to ${inUnit(reward.last, "share")}. That is no evidence for ` +
      `temporal reasoning: it also pays where p = p̃, which is so in ${effect.tied} of the ${effect.fired} groups where ` +
      `it fired (${effect.tiedAtZero} with no right answer at all), and whatever raises p raises it, plain GRPO included. ` +
      `The telling curve is p − p̃, which went from ${inUnit(gap.first, "difference")} to ${inUnit(gap.last, "difference")}.`,
  };
}

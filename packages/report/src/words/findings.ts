import { type Direction, directionOf } from "@videor1/statistics";
import { type CompleteLine, type Curve, completeLines } from "../curves/curve.ts";
import type { PageNotes } from "../notes.ts";
import type { BonusEffect } from "../rollouts/bonus-effect.ts";
import { inUnit } from "../shared/units.ts";
import { mainRow, type TaskTable } from "../tables/task-table.ts";
import type { Finding } from "./finding.ts";
import { inWords, points, withPercent } from "./format.ts";

/** The effect of the temporal bonus in an arm. */
export interface ArmEffect {
  effect: BonusEffect;
  /** Whether the bonus was added to a reward that is divided by its standard deviation. */
  isLiteral: boolean;
}

export interface FindingsInput {
  /** Names of the arms. */
  names: readonly string[];
  /** null if the arms were not evaluated. */
  table: TaskTable | null;
  curves: readonly Curve[];
  /** Effect of the bonus in each arm; null for an arm without temporal reward. */
  effects: readonly (ArmEffect | null)[];
  /** Findings of the notes. */
  noted: readonly Finding[];
  shortcut: PageNotes["shortcut"];
}

/** The words for a direction. */
export const directionWords: Record<Direction, string> = {
  higher: "higher",
  lower: "lower",
  none: "no difference shown",
};

/** The findings: of the evaluations, of the data set's notes, and of the bonus in each arm. */
export function findings({ names, table, curves, effects, noted, shortcut }: FindingsInput): Finding[] {
  const lineOf = (id: string, arm: number) => completeLines(curves, id).find((line) => line.arm === arm);
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
    table && orderFinding(table, shortcut),
    ...noted,
    ...(ofArms.length > 0 ? ofArms : [noTemporalReward]),
  ].filter((finding) => finding !== null);
}

const noTemporalReward: Finding = {
  title: "No temporal reward",
  text: "This is plain GRPO: no shuffled frames were sampled in training.",
};

function armsFinding(table: TaskTable): Finding | null {
  const [first, ...others] = table.models.slice(1);
  if (others.length === 0) return null;
  const { task, differences } = mainRow(table);
  const sentences = differences.map((difference, i) => {
    const { mean, low, high } = difference;
    const spread = `${points(mean)} points (${points(low)} to ${points(high)})`;
    return `${others[i]} scores ${spread}: ${directionWords[directionOf(difference)]}.`;
  });
  return {
    title: `Against ${first}`,
    text:
      `On the ${task}, question by question, ${sentences.join(" ")} The arms started from one model and met the same ` +
      "questions. The intervals are over questions; they know nothing of the spread between seeds, which one run an arm cannot show.",
  };
}

function orderFinding(table: TaskTable, shortcut: PageNotes["shortcut"]): Finding | null {
  const { task, orderGaps } = mainRow(table);
  const gaps = orderGaps.flatMap((gap, i) => {
    const when = i === 0 ? "before RL" : table.models.length > 2 ? `with ${table.models[i]}` : "after it";
    return gap ? [`by ${points(-gap.mean)} points ${when}`] : [];
  });
  if (gaps.length < orderGaps.length) return null;
  const or = shortcut ? ` or from ${shortcut.name}` : "";
  return {
    title: "What frame order is worth",
    text:
      `Asked the same questions with the frames shuffled, the scores on the ${task} change ${inWords(gaps)}. A model that ` +
      `watches the order loses much; one that guesses from a single frame${or} loses nothing.`,
  };
}

function bonusFinding({ effect, isLiteral }: ArmEffect, ofArm: string): Finding {
  const { groups, paid, literal, asRun, reproduced } = effect;
  const share = (count: number) => `${count} of ${groups} groups (${withPercent(count / groups)})`;
  const replay =
    reproduced === groups
      ? "Scoring the logged answers again gives the logged advantages in every group."
      : `Scoring the logged answers again gives the logged advantages in only ${share(reproduced)}: read with care.`;
  if (!literal)
    return {
      title: `What the order bonus did${ofArm}`,
      text:
        "It is not T-GRPO: it rewards the dependence of a right answer on frame order, answer by answer. " +
        `Some answer got a bonus in ${share(paid)}; it changed an advantage by more than 0.001 in ` +
        `${share(asRun.groups)}, by at most ${asRun.largest.toFixed(2)}. ${replay}`,
    };
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

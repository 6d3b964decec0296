import { mean } from "@videor1/statistics";
import { type GroupScore, presets, type ScoreOptions, scoreGroup } from "@videor1/tgrpo";
import type { Rollouts } from "../read/run-schema.ts";

/** The number of groups in which the temporal bonus changed an advantage, and the largest change. */
export interface Change {
  groups: number;
  largest: number;
}

/** The effect of the temporal bonus on the advantages of a run: its logged answers scored with and without it. */
export interface BonusEffect {
  groups: number;
  /** Groups in which an answer got the bonus. */
  paid: number;
  /** Video groups in which the bonus fired although p = p̃; `tiedAtZero`: with both 0, so that no answer got it. */
  tied: number;
  tiedAtZero: number;
  fired: number;
  /**
   * In the paper's form: the bonus is part of the reward, which is divided by its standard deviation; null for order
   * contrast, which is not the paper's.
   */
  literal: Change | null;
  /** In the form of this run's config. */
  asRun: Change;
  /** Groups whose logged advantages equal those of scoring them again. */
  reproduced: number;
}

/** An advantage counts as changed, or as not reproduced, above this difference. */
export const tolerance = 1e-3;

/**
 * Scores every logged group again with and without the temporal bonus: as configured, and for T-GRPO in the paper's form too
 * (target "reward", scale "std").
 *
 * @throws {RangeError} From scoreGroup, if the options do not fit the log (a video group without shuffled answers, or contrasts).
 */
export function bonusEffect(rollouts: readonly Rollouts[], options: ScoreOptions): BonusEffect {
  const literal = literalForm(options);
  const effect: BonusEffect = {
    groups: rollouts.length,
    paid: 0,
    tied: 0,
    tiedAtZero: 0,
    fired: 0,
    literal: literal && { groups: 0, largest: 0 },
    asRun: { groups: 0, largest: 0 },
    reproduced: 0,
  };
  for (const group of rollouts) {
    const score = scoreLogged(group, options);
    const { fired, bonus, p, pShuffled } = score.temporal;
    if (fired) effect.fired++;
    if (fired && p === pShuffled) effect.tied++;
    if (fired && p === 0 && pShuffled === 0) effect.tiedAtZero++;
    if (bonus.some((value) => value > 0)) effect.paid++;
    count(effect.asRun, bonusShift(group, options));
    if (literal && effect.literal) count(effect.literal, bonusShift(group, literal));
    const logged = group.ordered.map(({ advantage }) => advantage);
    if (largestDifference(logged, score.advantages) <= tolerance) effect.reproduced++;
  }
  return effect;
}

/** The largest change of an advantage of a group by the temporal bonus, scored by `options`. Throws as `bonusEffect`. */
export const bonusShift = (group: Rollouts, options: ScoreOptions): number =>
  largestDifference(
    scoreLogged(group, options).advantages,
    scoreLogged(group, { ...options, temporal: { kind: "none" } }).advantages,
  );

/** Whether the bonus is part of a reward that is divided by its standard deviation, as in the paper. */
export const isLiteral = ({ temporal, advantage }: ScoreOptions): boolean =>
  temporal.kind === "tgrpo" && temporal.target === "reward" && advantage.scale === "std";

function literalForm({ temporal, ...options }: ScoreOptions): ScoreOptions | null {
  if (temporal.kind !== "tgrpo") return null;
  return { ...options, temporal: { ...temporal, target: "reward" }, advantage: presets.neurips.advantage };
}

function count(change: Change, difference: number): void {
  if (difference > tolerance) change.groups++;
  change.largest = Math.max(change.largest, difference);
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/**
 * Scores a logged group. Only the number of tokens counts, so the ids are left blank. Under scale "batch" the rewards are divided
 * by what they were in the run: the deviation of the whole step, with its bonuses.
 */
function scoreLogged(group: Rollouts, options: ScoreOptions): GroupScore {
  const score = scoreAlone(group, options);
  if (options.advantage.scale !== "batch") return score;
  const isBonusAfter = options.temporal.kind === "tgrpo" && options.temporal.target === "advantage";
  const divisor = loggedDivisor(group, isBonusAfter);
  const advantages = score.advantages.map((advantage, i) => {
    const bonus = isBonusAfter ? score.temporal.bonus[i]! : 0;
    return (advantage - bonus) / divisor + bonus;
  });
  return { ...score, advantages };
}

/** What a group's rewards, less their mean, were divided by; 1 where they are equal. */
function loggedDivisor({ ordered }: Rollouts, isBonusAfter: boolean): number {
  const centre = mean(ordered.map(({ reward }) => reward));
  const scaled = ordered.map(({ advantage, temporalBonus }) => advantage - (isBonusAfter ? temporalBonus : 0));
  const largest = scaled.reduce((best, value, i) => (Math.abs(value) > Math.abs(scaled[best]!) ? i : best), 0);
  return scaled[largest] === 0 ? 1 : (ordered[largest]!.reward - centre) / scaled[largest]!;
}

function scoreAlone({ dataType, ordered, shuffled, bonusOrder }: Rollouts, options: ScoreOptions): GroupScore {
  const rollouts = (answers: readonly (Rollouts["shuffled"][number] & { contrast?: number | null | undefined })[]) =>
    answers.map(({ tokens, accuracy, format, rewards, contrast }) => ({
      completionIds: new Int32Array(tokens),
      accuracy,
      format,
      ...(rewards && { rewards }),
      ...(contrast != null && { contrast }),
    }));
  return scoreGroup(
    dataType === "image"
      ? { kind: "image", ordered: rollouts(ordered) }
      : { kind: "video", ordered: rollouts(ordered), shuffled: rollouts(shuffled) },
    options,
    bonusOrder ?? undefined,
  );
}

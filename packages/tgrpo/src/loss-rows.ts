import type { LossOptions } from "./options.ts";
import type { TgrpoOptions } from "./presets.ts";
import { type Rollout, samplingLogps } from "./rollout.ts";

type Options = Pick<TgrpoOptions, "rollout" | "loss">;

/** What the loss reads of rollouts besides the policy's log-probabilities: a row for each, of its tokens. */
export interface LossRows {
  /** [R] tokens that the loss counts. */
  counted: number[];
  /** [C] what the clipped ratio is to; absent without clipping. */
  ratioLogps?: Float32Array[];
  /** [C] of the policy that is trained, before the step's first update; absent: those that the present pass gives. */
  oldLogps?: Float32Array[];
  /** [C] of the sampler, NaN where unknown, or [0] of a masked rollout; absent where nobody compares with them. */
  samplingLogps?: Float32Array[];
  /** [C] */
  refLogps?: Float32Array[];
}

/** @throws {RangeError} If log-probabilities are missing that the options ask for, or only some rollouts have them. */
export function lossRows(rollouts: readonly Rollout[], options: Options): LossRows {
  const counted = countedLengths(rollouts, options.loss);
  const refLogps = rowsOf("refLogps", rollouts);
  const oldLogps = rowsOf("oldLogps", rollouts);
  const sampling = samplingRows(rollouts, counted, options);
  return {
    counted,
    ...(refLogps && { refLogps }),
    ...(oldLogps && { oldLogps }),
    ...(sampling && { samplingLogps: sampling }),
    ...(options.loss.iterations > 1 && { ratioLogps: rollouts.map((row) => ratioLogpsOf(row, options)) }),
  };
}

/** [C] the log-probabilities that the ratio is to: at the sampling temperature, and of the policy that is trained. */
function ratioLogpsOf(row: Rollout, { rollout: { temperature }, loss }: Options): Float32Array {
  if (row.oldLogps) return row.oldLogps;
  const reason =
    temperature !== 1
      ? `at temperature ${temperature} the clipped ratio needs oldLogps, see withOldLogps: what sampling recorded is of temperature 1`
      : isWeighted(loss) &&
        "importance weights beside a clipped ratio need oldLogps, see withOldLogps: what sampling recorded is the sampler's";
  if (reason) throw new RangeError(`policyGradients: ${reason}`);
  return samplingLogps(row);
}

/** Whether the surrogate has importance weights. */
export const isWeighted = ({
  importanceSampling: { mode = "none" },
}: Pick<LossOptions, "importanceSampling">): boolean => mode !== "none";

/**
 * [R] of the sampler's log-probabilities, [C] or [0] of a masked rollout; undefined where they are not known or not of the
 * policy's temperature, and nothing needs them.
 */
function samplingRows(
  rollouts: readonly Rollout[],
  counted: readonly number[],
  { rollout: { temperature }, loss }: Options,
): Float32Array[] | undefined {
  const isKnown = temperature === 1 && rollouts.every(({ logps }) => logps);
  if (!isKnown && !isWeighted(loss)) return undefined;
  if (temperature !== 1)
    throw new RangeError(
      `policyGradients: importance weights at temperature ${temperature}: what sampling recorded is of temperature 1`,
    );
  return rollouts.map((row, i) => samplingLogps(row).subarray(0, counted[i]));
}

/** [R] tokens of each rollout that the loss counts: none of a truncated one that is masked, as in TRL. */
export const countedLengths = (
  rollouts: readonly Rollout[],
  { maskTruncated }: Pick<LossOptions, "maskTruncated">,
): number[] =>
  rollouts.map(({ completionIds, isTruncated }) => (maskTruncated && isTruncated ? 0 : completionIds.length));

/** [R] of [C] log-probabilities; undefined where no rollout has them. */
function rowsOf(name: "refLogps" | "oldLogps", rollouts: readonly Rollout[]): Float32Array[] | undefined {
  const rows = rollouts.flatMap((row) => row[name] ?? []);
  if (rows.length === 0) return undefined;
  if (rows.length < rollouts.length)
    throw new RangeError(
      `policyGradients: ${rows.length} of ${rollouts.length} rollouts have ${{ refLogps: "reference", oldLogps: "old" }[name]} log-probabilities`,
    );
  return rows;
}

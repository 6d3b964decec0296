import {
  dispose,
  keep,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor2D,
  type TensorContainer,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { completionMask, stackCompletions } from "./completion-mask.ts";
import { importanceWeights, type SamplingInputs } from "./importance-weights.ts";
import { grpoLoss } from "./loss.ts";
import { countedLengths, isWeighted, lossRows } from "./loss-rows.ts";
import type { Metrics } from "./metrics.ts";
import { type ComparedLogps, type Mismatch, measureMismatch } from "./mismatch.ts";
import type { LossOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { TgrpoOptions } from "./presets.ts";
import type { WeighedGroup } from "./rollout.ts";

export type Gradients = Record<string, Tensor>;

/** Value and gradients of a scalar function of the policy's parameters, such as engine's `valueAndGrads` bound to them. */
export type ValueAndGrads = (f: () => Scalar) => { value: Scalar; grads: Gradients };

/** A group and the input that its ordered rollouts complete. */
export interface TrainedGroup<Input> {
  input: Input;
  group: Pick<WeighedGroup, "ordered">;
}

/** Rollouts of the whole batch of an update, and their tokens. */
export interface BatchSize {
  rows: number;
  tokens: number;
}

export interface PolicyGradientsArgs<Input> {
  policy: Policy<Input>;
  /** At least one; with `refLogps` on their rollouts where the KL term is wanted, see `withReferenceLogps`. */
  groups: readonly TrainedGroup<Input>[];
  options: Pick<TgrpoOptions, "rollout" | "loss">;
  valueAndGrads: ValueAndGrads;
  /** Size of the whole batch if `groups` is a part of it: the parts add up. Default: that of `groups`. */
  batch?: BatchSize;
}

/**
 * Gradients of the GRPO loss over the ordered rollouts of some groups: the second half of a step.
 *
 * With one update a batch the ratio is 1 and not clipped; with `loss.iterations` > 1 the rollouts bring the sampling
 * log-probabilities; at a temperature other than 1, or with importance weights, `oldLogps`. The weights of a single update
 * need no pass of their own: its own log-probabilities are the old ones.
 *
 * @returns `grads` by parameter name, owned by the caller; `metrics` loss, kl, clipFraction, entropy; `mismatch` of sampler
 * and trainer, where all rollouts have the sampler's log-probabilities at temperature 1, and this is the first update or the
 * rollouts have `oldLogps`.
 * @throws {RangeError} If the loss is clipped and a rollout has no sampling log-probabilities at the temperature, or weights are
 * wanted that cannot be told, or some rollouts have reference log-probabilities and others not.
 */
export async function policyGradients<Input>({
  policy,
  groups,
  options: { rollout, loss },
  valueAndGrads,
  batch = batchSize(
    groups.map(({ group }) => group),
    loss,
  ),
}: PolicyGradientsArgs<Input>): Promise<{ grads: Gradients; metrics: Metrics; mismatch?: Mismatch }> {
  const { beta, klClamp, reduction, importanceSamplingLevel, useBiasCorrectionKl } = loss;
  const inputs = groups.map(({ input }) => input);
  const rollouts = groups.flatMap(({ group }) => group.ordered);
  const completions = stackCompletions(
    rollouts.map(({ completionIds }) => completionIds),
    groups.flatMap(({ group }, i) => group.ordered.map(() => i)),
  );
  const { width } = completions;
  const shape: [number, number] = [rollouts.length, width];
  const clipping = loss.iterations > 1 && {
    epsilonLow: loss.epsilonLow,
    epsilonHigh: loss.epsilonHigh,
    ...(loss.delta !== undefined && { delta: loss.delta }),
  };
  const rows = lossRows(rollouts, { rollout, loss });
  const padded = (rows: readonly Float32Array[]) => tensor2d(padRows(rows, width), shape);
  const data = tidy(() => ({
    completionMask: tensor2d(completionMask(rows.counted, width), shape),
    advantages: tensor1d(rollouts.map(({ advantage }) => advantage)),
    ...(rows.ratioLogps && { oldLogps: padded(rows.ratioLogps) }),
    ...(rows.refLogps && { refLogps: padded(rows.refLogps) }),
  }));
  const { samplingLogps } = rows;
  const sampler: { inputs?: SamplingInputs; trainerLogps?: Tensor2D } = tidy(() => {
    if (!samplingLogps || !isWeighted(loss)) return {};
    const asNumbers = (ofKnown: (logp: number) => number) =>
      padded(samplingLogps.map((row) => row.map((logp) => (Number.isNaN(logp) ? 0 : ofKnown(logp)))));
    const inputs = { samplingLogps: asNumbers((logp) => logp), samplingMask: asNumbers(() => 1) };
    return { inputs, ...(rows.oldLogps && { trainerLogps: padded(rows.oldLogps) }) };
  });

  const scalars: Partial<Record<"loss" | "kl" | "klOverTokens" | "clipFraction" | "entropy", Scalar>> = {};
  const read: { logps?: Tensor2D } = {};
  const differentiate = () =>
    valueAndGrads(() => {
      const { logps, entropy } = policy.logprobs(inputs, completions);
      if (samplingLogps && !rows.oldLogps) read.logps = keep(logps.clone());
      const weights =
        sampler.inputs && importanceWeights(sampler.trainerLogps ?? logps, sampler.inputs, loss.importanceSampling);
      const result = grpoLoss(
        { ...data, ...(weights && { importanceWeights: weights }), batch, logps },
        {
          beta,
          klClamp,
          reduction,
          importanceSamplingLevel,
          useBiasCorrectionKl,
          ...clipping,
          maxCompletionLength: rollout.maxCompletionLength,
        },
      );
      Object.assign(scalars, result.metrics);
      if (entropy) scalars.entropy = meanOverTokens(entropy, data.completionMask, batch);
      for (const scalar of Object.values(scalars)) keep(scalar);
      return result.loss;
    });
  const { value, grads } = freeing(differentiate, [data, sampler], [scalars, read]);
  scalars.loss = value;
  const metrics: Metrics = {};
  for (const [name, scalar] of Object.entries(scalars) as [keyof typeof scalars, Scalar][]) {
    metrics[name] = (await scalar.data())[0]!;
    scalar.dispose();
  }
  const present = await read.logps?.data<"float32">();
  read.logps?.dispose();
  const compared = samplingLogps?.map((sampler, i): ComparedLogps => {
    return { sampler, trainer: rows.oldLogps?.[i] ?? present!.subarray(i * width, (i + 1) * width) };
  });
  const mismatch = compared && measureMismatch(compared, loss.importanceSampling);
  return { grads, metrics, ...(mismatch && { mismatch }) };
}

/** Trained rollouts of some groups, and their tokens; a masked one is a row without tokens. */
export function batchSize(
  groups: readonly Pick<WeighedGroup, "ordered">[],
  loss: Partial<Pick<LossOptions, "maskTruncated">> = {},
): BatchSize {
  const rollouts = groups.flatMap(({ ordered }) => ordered);
  const lengths = countedLengths(rollouts, { maskTruncated: loss.maskTruncated ?? false });
  return {
    rows: rollouts.length,
    tokens: Math.max(
      1,
      lengths.reduce((sum, length) => sum + length, 0),
    ),
  };
}

const meanOverTokens = (values: Tensor2D, mask: Tensor2D, { tokens }: BatchSize): Scalar =>
  tidy(() => mul(sum<Scalar>(mul(values, mask)), 1 / tokens));

/** The result of `compute`; `data` is freed in any case, `kept` where it throws. */
function freeing<T>(compute: () => T, data: TensorContainer, kept: TensorContainer): T {
  try {
    return compute();
  } catch (error) {
    dispose(kept);
    throw error;
  } finally {
    dispose(data);
  }
}

/** [R * C] rows side by side, 0 on padding. */
function padRows(rows: readonly Float32Array[], width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) out.set(row, i * width);
  return out;
}

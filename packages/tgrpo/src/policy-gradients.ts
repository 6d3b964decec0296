import { add, dispose, keep, type Scalar, type Tensor, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { completionMask, stackCompletions } from "./completion-mask.ts";
import { grpoLoss, type LossInputs } from "./loss.ts";
import type { Metrics } from "./metrics.ts";
import type { LossOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { RolloutGroup } from "./rollout.ts";
import { samplingLogps } from "./sampling-logps.ts";
import type { GroupScore } from "./score-group.ts";

export type Gradients = Record<string, Tensor>;

/** Value and gradients of a scalar function of the policy's parameters, such as engine's `valueAndGrads` bound to them. */
export type ValueAndGrads = (f: () => Scalar) => { value: Scalar; grads: Gradients };

/** A prompt's input with its scored rollouts. */
export interface ScoredGroup<Input> {
  input: Input;
  group: RolloutGroup;
  score: GroupScore;
}

export interface PolicyGradientsArgs<Input> {
  policy: Pick<Policy<Input>, "logprobs">;
  /** The frozen starting model; absent: no KL. */
  reference?: Pick<Policy<Input>, "logprobs">;
  scored: readonly ScoredGroup<Input>[];
  loss: LossOptions;
  valueAndGrads: ValueAndGrads;
  /** Prompts per backward pass: less memory, the same gradients up to rounding. Default: all at once. */
  promptsPerPart?: number;
  /** Size of the whole batch, where `scored` is one worker's part of it. Default: that of `scored`. */
  batch?: { rows: number; tokens: number };
}

/**
 * Gradients of the GRPO loss over the ordered rollouts of all groups.
 *
 * @returns `grads` by parameter name, owned by the caller; `metrics` loss, kl, clipFraction.
 * @throws {RangeError} If the clipped loss is asked for and a rollout has no sampling log-probabilities.
 */
export async function policyGradients<Input>(
  args: PolicyGradientsArgs<Input>,
): Promise<{ grads: Gradients; metrics: Metrics }> {
  const { scored, promptsPerPart = scored.length } = args;
  const batch = args.batch ?? batchSize(scored.map(({ group }) => group));
  const metrics: Metrics = {};
  let grads: Gradients = {};
  for (let from = 0; from < scored.length; from += promptsPerPart) {
    const part = partGradients(args, scored.slice(from, from + promptsPerPart), batch);
    grads = addGradients(grads, part.grads);
    for (const [name, value] of Object.entries(part.values)) {
      const key = name as keyof typeof part.values;
      metrics[key] = (metrics[key] ?? 0) + (await value.data())[0]!;
      value.dispose();
    }
  }
  return { grads, metrics };
}

/** Trained completions of some groups, and their tokens. */
export function batchSize(groups: readonly RolloutGroup[]): { rows: number; tokens: number } {
  const lengths = groups.flatMap(({ ordered }) => ordered.map(({ completionIds }) => completionIds.length));
  return { rows: lengths.length, tokens: lengths.reduce((sum, length) => sum + length, 0) };
}

function partGradients<Input>(
  { policy, reference, loss: options, valueAndGrads }: PolicyGradientsArgs<Input>,
  part: readonly ScoredGroup<Input>[],
  batch: { rows: number; tokens: number },
) {
  const inputs = part.map(({ input }) => input);
  const rollouts = part.flatMap(({ group }) => group.ordered);
  const completions = stackCompletions(
    rollouts.map(({ completionIds }) => completionIds),
    part.flatMap(({ group }, i) => group.ordered.map(() => i)),
  );
  const shape: [number, number] = [rollouts.length, completions.width];
  const data = tidy(() => ({
    completionMask: tensor2d(completionMask(completions.lengths, completions.width), shape),
    advantages: tensor1d(part.flatMap(({ score }) => score.advantages)),
    ...(options.epsilonLow !== undefined && { oldLogps: tensor2d(oldLogps(rollouts, completions.width), shape) }),
    ...(reference && { refLogps: reference.logprobs(inputs, completions) }),
  })) satisfies Omit<LossInputs, "logps">;

  let values: Partial<Record<"kl" | "clipFraction", Scalar>> = {};
  const { value, grads } = valueAndGrads(() => {
    const result = grpoLoss({ ...data, batch, logps: policy.logprobs(inputs, completions) }, options);
    values = result.metrics;
    for (const metric of Object.values(values)) keep(metric);
    return result.loss;
  });
  dispose(data);
  return { grads, values: { loss: value, ...values } };
}

/** [R * C] the log-probabilities recorded when the rollouts were sampled, 0 on padding. */
function oldLogps(rollouts: RolloutGroup["ordered"], width: number): Float32Array {
  const out = new Float32Array(rollouts.length * width);
  for (const [row, rollout] of rollouts.entries()) out.set(samplingLogps(rollout), row * width);
  return out;
}

/** Sums by name; a parameter absent on one side keeps the other's gradient. Both sides are consumed. */
function addGradients(total: Gradients, part: Gradients): Gradients {
  const sums = { ...part };
  for (const [name, gradient] of Object.entries(total)) {
    const other = part[name];
    sums[name] = other ? add(gradient, other) : gradient;
    if (other) dispose([gradient, other]);
  }
  return sums;
}

import { dispose, tidy } from "@tensorflow/tfjs-core";
import { stackCompletions } from "./completion-mask.ts";
import type { Policy } from "./policy.ts";
import type { Completion } from "./rollout.ts";

/** Completions of one input. */
export interface Continued<Input> {
  input: Input;
  completions: readonly Completion[];
}

/**
 * Log-probabilities that a policy gives completions, in nats, in one pass without gradient.
 *
 * @returns For each input a list for each completion, [C].
 */
export async function tokenLogps<Input>(
  policy: Policy<Input>,
  asked: readonly Continued<Input>[],
): Promise<Float32Array[][]> {
  const rows = asked.flatMap(({ completions }) => completions);
  if (rows.length === 0) return asked.map(() => []);
  const stacked = stackCompletions(
    rows.map(({ completionIds }) => completionIds),
    asked.flatMap(({ completions }, i) => completions.map(() => i)),
  );
  const inputs = asked.map(({ input }) => input);
  const logps = tidy(() => policy.logprobs(inputs, stacked).logps);
  const values = await logps.data<"float32">();
  dispose(logps);
  let row = 0;
  return asked.map(({ completions }) =>
    completions.map(({ completionIds }) => {
      const start = stacked.width * row++;
      return values.slice(start, start + completionIds.length);
    }),
  );
}

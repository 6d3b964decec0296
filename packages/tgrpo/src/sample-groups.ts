import type { TgrpoOptions } from "./options.ts";
import { numShuffled } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { Rollout, RolloutGroup } from "./rollout.ts";

/** A question as the policy's input; a video brings the same question with its frames permuted. */
export type Prompt<Input> = { kind: "image"; ordered: Input } | { kind: "video"; ordered: Input; shuffled: Input };

/** The rule rewards of one completion. */
export type Score<Input> = (
  completionIds: Int32Array,
  prompt: Prompt<Input>,
) => Pick<Rollout, "accuracy" | "format"> | Promise<Pick<Rollout, "accuracy" | "format">>;

/**
 * Samples G completions of each prompt and, for videos under the temporal reward, floor(G * shuffledFraction) of its
 * shuffled twin, in one call of the policy, and scores them all.
 *
 * @returns One group per prompt, in order.
 * @throws {RangeError} If G < 2, or no shuffled completion would be sampled, or the policy returns other counts than asked for.
 */
export async function sampleGroups<Input>(
  policy: Pick<Policy<Input>, "generate">,
  prompts: readonly Prompt<Input>[],
  score: Score<Input>,
  options: Pick<TgrpoOptions, "numGenerations" | "shuffledFraction" | "temporal">,
): Promise<RolloutGroup[]> {
  const ordered = options.numGenerations;
  const shuffled = numShuffled(options);
  if (ordered < 2) throw new RangeError(`sampleGroups: numGenerations=${ordered} must be at least 2`);
  if (options.temporal.enabled && shuffled < 1) {
    const { shuffledFraction } = options;
    throw new RangeError(`sampleGroups: floor(${ordered} * shuffledFraction=${shuffledFraction}) must be at least 1`);
  }
  const asked = prompts.flatMap((prompt) => [
    { prompt, input: prompt.ordered, count: ordered },
    ...(prompt.kind === "video" && shuffled > 0 ? [{ prompt, input: prompt.shuffled, count: shuffled }] : []),
  ]);
  const { sequences, promptOf, logps } = await policy.generate(
    asked.map(({ input }) => input),
    asked.map(({ count }) => count),
  );

  const halves: Rollout[][] = asked.map(() => []);
  for (const [row, completionIds] of sequences.entries()) {
    const half = promptOf[row]!;
    const { accuracy, format } = await score(completionIds, asked[half]!.prompt);
    const behaviour = logps?.[row];
    halves[half]!.push({ completionIds, accuracy, format, ...(behaviour && { logps: behaviour }) });
  }
  for (const [i, half] of halves.entries())
    if (half.length !== asked[i]!.count)
      throw new RangeError(
        `sampleGroups: the policy returned ${half.length} completions of input ${i}, ${asked[i]!.count} were asked for`,
      );

  const next = halves.values();
  const take = () => next.next().value ?? [];
  return prompts.map((prompt) =>
    prompt.kind === "image"
      ? { kind: "image", ordered: take() }
      : { kind: "video", ordered: take(), shuffled: shuffled > 0 ? take() : [] },
  );
}

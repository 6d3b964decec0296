import { numShuffled, type TgrpoOptions } from "./options.ts";
import type { Policy } from "./policy.ts";
import type { Rollout, RolloutGroup } from "./rollout.ts";

/**
 * A question as the policy's input. A video can bring the same question with its frames in another order: what T-GRPO's
 * shuffled completions answer, and what order contrast compares with.
 */
export type Prompt<Input> = { kind: "image"; ordered: Input } | { kind: "video"; ordered: Input; permuted?: Input };

/**
 * The question with its frames in another order.
 *
 * @param index - of the prompt, for the message.
 * @throws {RangeError} If there is none.
 */
export function permutedInput<Input>(prompt: Prompt<Input>, index: number): Input {
  if (prompt.kind === "image" || prompt.permuted === undefined)
    throw new RangeError(`permutedInput: prompt ${index} needs \`permuted\`, itself with the frames in another order`);
  return prompt.permuted;
}

/** The rule rewards of one completion. */
export type Score<Input> = (
  completionIds: Int32Array,
  prompt: Prompt<Input>,
) => Pick<Rollout, "accuracy" | "format"> | Promise<Pick<Rollout, "accuracy" | "format">>;

/**
 * Samples G completions of each prompt and, for videos under T-GRPO, floor(G * shuffledFraction) of its permuted
 * twin, in one call of the policy, and scores them all.
 *
 * @returns One group per prompt, in order.
 * @throws {RangeError} If G < 2, or no shuffled completion would be sampled, or a video has no permuted twin then, or the policy returns other counts than asked for.
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
  if (options.temporal.kind === "tgrpo" && shuffled < 1) {
    const { shuffledFraction } = options;
    throw new RangeError(`sampleGroups: floor(${ordered} * shuffledFraction=${shuffledFraction}) must be at least 1`);
  }
  const asked = prompts.flatMap((prompt, i) => [
    { prompt, input: prompt.ordered, count: ordered },
    ...(prompt.kind === "video" && shuffled > 0 ? [{ prompt, input: permutedInput(prompt, i), count: shuffled }] : []),
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

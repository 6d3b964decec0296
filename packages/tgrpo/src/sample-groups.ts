import { numShuffled, type SampleCounts } from "./num-shuffled.ts";
import type { Prompt } from "./prompt.ts";
import { permutedInput } from "./prompt.ts";
import type { SampledGroup, SampledRollout } from "./rollout.ts";
import type { SampleRequest, Sampler, Samples } from "./sampler.ts";

/**
 * Samples G completions of each prompt and, for videos under T-GRPO, floor(G * shuffledFraction) of its permuted form, in
 * one call of the sampler.
 *
 * @returns One group a prompt, in order.
 * @throws {RangeError} If G < 2, or no shuffled completion would be sampled, or a video that needs them has no permuted
 * form, or the sampler returns other counts than requested.
 */
export async function sampleGroups<Input>(
  sampler: Sampler<Input>,
  prompts: readonly Prompt<Input>[],
  options: SampleCounts,
): Promise<SampledGroup[]> {
  const ordered = options.rollout.numGenerations;
  const shuffled = numShuffled(options);
  if (ordered < 2) throw new RangeError(`sampleGroups: numGenerations=${ordered} must be at least 2`);
  if (options.tgrpo.temporal.kind === "tgrpo" && shuffled < 1) {
    const { shuffledFraction } = options.tgrpo;
    throw new RangeError(`sampleGroups: floor(${ordered} * shuffledFraction=${shuffledFraction}) must be at least 1`);
  }
  const requests = prompts.flatMap((prompt): SampleRequest<Input>[] => {
    const inOrder = { promptId: prompt.id, order: "ordered", input: prompt.ordered, count: ordered } as const;
    if (prompt.kind === "image" || shuffled === 0) return [inOrder];
    return [inOrder, { promptId: prompt.id, order: "permuted", input: permutedInput(prompt), count: shuffled }];
  });
  const samples = await sampler.generate(requests);
  const rollouts = requests.map((request, i) => sampledRollouts(request, samples[i]));

  let next = 0;
  return prompts.map(({ id: promptId, kind }): SampledGroup => {
    const inOrder = rollouts[next++]!;
    if (kind === "image") return { promptId, kind, ordered: inOrder };
    return { promptId, kind, ordered: inOrder, shuffled: shuffled > 0 ? rollouts[next++]! : [] };
  });
}

function sampledRollouts<Input>(
  { promptId, order, count }: SampleRequest<Input>,
  { completions, policyVersion }: Samples = { completions: [], policyVersion: 0 },
): SampledRollout[] {
  if (completions.length !== count)
    throw new RangeError(
      `sampleGroups: the sampler returned ${completions.length} completions of prompt ${promptId}, ${order}; ${count} were asked for`,
    );
  const half = order === "ordered" ? "ordered" : "shuffled";
  return completions.map((completion, k) => ({ ...completion, id: `${promptId}/${half}/${k}`, policyVersion }));
}

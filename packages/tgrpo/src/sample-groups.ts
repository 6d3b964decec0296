import { numShuffled, type SampleCounts } from "./num-shuffled.ts";
import type { Prompt } from "./prompt.ts";
import { permutedInput } from "./prompt.ts";
import type { SampledGroup, SampledRollout } from "./rollout.ts";
import type { OnSamples, SampleRequest, Sampler, Samples } from "./sampler.ts";

/**
 * Samples G completions of each prompt and, for videos under T-GRPO, floor(G * shuffledFraction) of its permuted form, in
 * one call of the sampler.
 *
 * @param onGroup - Called once for each group, by its place, as soon as all its completions are there.
 * @returns One group a prompt, in order.
 * @throws {RangeError} If G < 2, or no shuffled completion would be sampled, or a video that needs them has no permuted
 * form, or the sampler returns other counts than requested.
 */
export async function sampleGroups<Input>(
  sampler: Sampler<Input>,
  prompts: readonly Prompt<Input>[],
  options: SampleCounts,
  onGroup: (place: number, group: SampledGroup) => void = () => {},
): Promise<SampledGroup[]> {
  const ordered = options.rollout.numGenerations;
  const shuffled = numShuffled(options);
  if (ordered < 2) throw new RangeError(`sampleGroups: numGenerations=${ordered} must be at least 2`);
  if (options.tgrpo.temporal.kind === "tgrpo" && shuffled < 1) {
    const { shuffledFraction } = options.tgrpo;
    throw new RangeError(`sampleGroups: floor(${ordered} * shuffledFraction=${shuffledFraction}) must be at least 1`);
  }
  const asked = prompts.map((prompt): SampleRequest<Input>[] => {
    const inOrder = { promptId: prompt.id, order: "ordered", input: prompt.ordered, count: ordered } as const;
    if (prompt.kind === "image" || shuffled === 0) return [inOrder];
    return [inOrder, { promptId: prompt.id, order: "permuted", input: permutedInput(prompt), count: shuffled }];
  });
  const requests = asked.flat();
  const placeOf = asked.flatMap((own, place) => own.map(() => place));
  const rollouts: SampledRollout[][] = [];
  const groups: SampledGroup[] = [];
  const take: OnSamples = (request, samples) => {
    rollouts[request] ??= sampledRollouts(requests[request]!, samples);
    const place = placeOf[request]!;
    const own = placeOf.flatMap((other, i) => (other === place ? [rollouts[i]] : []));
    if (groups[place] || !own.every((half) => half !== undefined)) return;
    const group = groupOf(prompts[place]!, own);
    groups[place] = group;
    onGroup(place, group);
  };
  const samples = await sampler.generate(requests, take);
  for (const i of requests.keys()) take(i, samples[i] ?? none);
  return groups;
}

function groupOf({ id: promptId, kind }: Prompt<unknown>, [ordered, shuffled]: SampledRollout[][]): SampledGroup {
  return kind === "image"
    ? { promptId, kind, ordered: ordered! }
    : { promptId, kind, ordered: ordered!, shuffled: shuffled ?? [] };
}

const none: Samples = { completions: [], policyVersion: 0 };

function sampledRollouts<Input>(
  { promptId, order, count }: SampleRequest<Input>,
  { completions, policyVersion }: Samples,
): SampledRollout[] {
  if (completions.length !== count)
    throw new RangeError(
      `sampleGroups: the sampler returned ${completions.length} completions of prompt ${promptId}, ${order}; ${count} were asked for`,
    );
  const half = order === "ordered" ? "ordered" : "shuffled";
  return completions.map((completion, k) => ({ ...completion, id: `${promptId}/${half}/${k}`, policyVersion }));
}

import type { SampleRequest, Sampler, Samples } from "@videor1/tgrpo";
import type { PolicyInput } from "../policy.ts";

/** Recorded samples by the request that they answer, see `requestKey`. */
export type RecordedSamples = Readonly<Record<string, Samples>>;

export const requestKey = ({ promptId, order }: Pick<SampleRequest<unknown>, "promptId" | "order">): string =>
  `${promptId}/${order}`;

/**
 * A sampler that returns recorded completions, with the log-probabilities that sampling gave them.
 *
 * @param endTokenIds - One of them is the last of each completion that was not cut off.
 */
export const recordedSampler = (recorded: RecordedSamples, endTokenIds: readonly number[]): Sampler<PolicyInput> => ({
  generate: async (requests) =>
    requests.map((request) => {
      const samples = recorded[requestKey(request)]!;
      const completions = samples.completions.map((completion) => {
        return { ...completion, isTruncated: !endTokenIds.includes(completion.completionIds.at(-1)!) };
      });
      return { ...samples, completions };
    }),
});

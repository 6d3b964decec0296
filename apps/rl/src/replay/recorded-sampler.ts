import type { SampleRequest, Sampler, Samples } from "@videor1/tgrpo";
import type { PolicyInput } from "../policy.ts";

/** Recorded samples by the request that they answer, see `requestKey`. */
export type RecordedSamples = Readonly<Record<string, Samples>>;

export const requestKey = ({ promptId, order }: Pick<SampleRequest<unknown>, "promptId" | "order">): string =>
  `${promptId}/${order}`;

/** A sampler that returns recorded completions, with the log-probabilities that sampling gave them. */
export const recordedSampler = (recorded: RecordedSamples): Sampler<PolicyInput> => ({
  generate: async (requests) => requests.map((request) => recorded[requestKey(request)]!),
});

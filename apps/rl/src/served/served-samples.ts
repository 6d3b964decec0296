import type { Samples } from "@videor1/tgrpo";
import { type RecordedSamples, requestKey } from "../replay/recorded-sampler.ts";

/** The answers to one request of a job. */
export interface ServedHalf extends Samples {
  /** The prompt as the server's processor made it. */
  promptTokenIds: readonly number[];
  /** Completions that were thrown away before these: their server had other weights than it was asked for. */
  ofOtherWeights: number;
}

/** What servers answered to a job, or why they did not. */
export type JobSamples = { ordered: ServedHalf; permuted?: ServedHalf } | { unanswered: string };

/** By the id of the job. */
export type ServedSamples = Readonly<Record<string, JobSamples>>;

/** Whether the servers answered a job. */
export const isAnswered = (samples: JobSamples): samples is Exclude<JobSamples, { unanswered: string }> =>
  "ordered" in samples;

/** The answers of all jobs, those to permuted frames too. */
export const halvesOf = (served: ServedSamples): ServedHalf[] =>
  Object.values(served).flatMap((samples) =>
    isAnswered(samples) ? [samples.ordered, ...(samples.permuted ? [samples.permuted] : [])] : [],
  );

/** The answered jobs' completions as a sampler of recorded completions takes them. */
export function recordOf(served: ServedSamples): RecordedSamples {
  const record: Record<string, Samples> = {};
  for (const [promptId, samples] of Object.entries(served)) {
    if (!isAnswered(samples)) continue;
    record[requestKey({ promptId, order: "ordered" })] = samples.ordered;
    if (samples.permuted) record[requestKey({ promptId, order: "permuted" })] = samples.permuted;
  }
  return record;
}

import type { Job } from "../job.ts";
import type { Unanswered } from "../protocol.ts";
import type { RecordedSamples } from "../replay/recorded-sampler.ts";
import { halvesOf, isAnswered, recordOf, type ServedSamples } from "./served-samples.ts";

/** The jobs, by part, that servers answered, with their answers as a record, and those that they did not. All jobs, if none were asked. */
export function splitAnswered(
  parts: readonly (readonly Job[])[],
  served: ServedSamples | undefined,
): { answered: (readonly Job[])[]; unanswered: Unanswered[]; ofOtherWeights: number; record?: RecordedSamples } {
  if (!served) return { answered: [...parts], unanswered: [], ofOtherWeights: 0 };
  const unanswered = parts.flat().flatMap(({ id }) => {
    const samples = served[id]!;
    return isAnswered(samples) ? [] : [{ id, reason: samples.unanswered }];
  });
  const ofOtherWeights = halvesOf(served).reduce((sum, half) => sum + half.ofOtherWeights, 0);
  const answered = parts.map((jobs) => jobs.filter(({ id }) => isAnswered(served[id]!)));
  return { answered, unanswered, ofOtherWeights, record: recordOf(served) };
}

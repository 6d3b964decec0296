import { join } from "node:path";
import { questionFields, readMetrics } from "@videor1/runs";
import { z } from "zod";
import { ReplayError } from "./replay-error.ts";

const Answer = z
  .looseObject({ completionIds: z.array(z.int().min(0)).min(1), logps: z.array(z.number()) })
  .refine(({ completionIds, logps }) => completionIds.length === logps.length, "needs as many logps as completionIds");

/** What replay takes from a line of rollouts.jsonl; the other fields are what it recomputes. */
const RecordedGroup = z.looseObject({
  step: z.int().min(1),
  ...questionFields,
  round: z.int().min(0),
  seed: z.int().min(0),
  ordered: z.array(Answer),
  shuffled: z.array(Answer),
});
export type RecordedGroup = z.infer<typeof RecordedGroup>;

/**
 * The lines of a run's rollouts.jsonl.
 *
 * @throws {ReplayError} If one of them lacks what replay needs.
 */
export function readGroups(runDir: string): RecordedGroup[] {
  const path = join(runDir, "rollouts.jsonl");
  return readMetrics(path).map((line, i) => {
    const { success, data, error } = RecordedGroup.safeParse(line);
    if (success) return data;
    const [{ path: field, message } = { path: [], message: "" }] = error.issues;
    const hint = "The line was changed after the run, or an earlier version wrote it; such a run cannot be replayed.";
    throw new ReplayError(`${path}, line ${i + 1}: ${field.join(".")}: ${message}`, hint);
  });
}

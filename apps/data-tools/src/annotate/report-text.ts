import type { Annotated } from "./write-annotated.ts";

/** What became of a data set, for a reader. */
export function reportText(result: Annotated, journal: string): string {
  const { read, annotated, failed, failures, failedFile, written, meanReward, selected, thinking, cutOff } = result;
  const { usage, cost, output } = result;
  const codes = Object.entries(failures)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => `${code} ${count}`);
  return [
    `${annotated} of ${read} records annotated${failed > 0 ? `, ${failed} failed (${codes.join(", ")})` : ""}.`,
    `${written} written: mean reward ${meanReward?.toFixed(3) ?? "-"}, ${selected} above 0.6, ${thinking} with thinking, ${cutOff} cut off.`,
    `${usage.requests} requests, ${usage.promptTokens} prompt tokens, ${usage.completionTokens} completion tokens${
      usage.unmetered > 0 ? ` (${usage.unmetered} replies did not say theirs)` : ""
    }${cost === null ? "" : `, cost ${cost.toFixed(2)}`}.`,
    `Records: ${output}`,
    ...(failedFile === null ? [] : [`Failed: ${failedFile}; retryFailed=true asks for them again`]),
    `Answers: ${journal}, which more samples and repaired records go on from`,
  ].join("\n");
}

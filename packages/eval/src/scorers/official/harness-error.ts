import type { Reading } from "../scorer.ts";

/** What a harness leaves of a run that one of its outputs has ended. */
export interface HarnessError extends Record<string, unknown> {
  error: string;
}

/** The exception that ended the harness, if any reading did. */
export function harnessError(readings: readonly Reading[]): HarnessError | undefined {
  for (const { status } of readings) {
    if (status?.startsWith("error:")) return { error: status.slice("error:".length) };
  }
  return undefined;
}

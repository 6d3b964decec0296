import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { ScoreOptions } from "./options.ts";
import { emptyTally, scoreLines, type Tally } from "./score-lines.ts";
import { loadScoring } from "./scoring.ts";

/**
 * `videor1-rewards score`: scores JSON lines from a file or standard input, as fast as the reader of standard output takes them.
 *
 * @returns 0 if every line was scored, else 1.
 */
export async function runScore(options: ScoreOptions & { quiet: boolean }, path = "-"): Promise<number> {
  const { problemType, maxLineBytes } = options;
  const scoring = { ...(await loadScoring(options)), problemType, maxLineBytes };
  const tally = emptyTally();
  const start = performance.now();
  const report = (): void => console.error(summary(tally, (performance.now() - start) / 1000));
  const progress = options.quiet ? undefined : setInterval(report, 1000);
  try {
    const input = path === "-" ? process.stdin : createReadStream(path);
    await pipeline(scoreLines(input, scoring, tally), process.stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
    console.error("the reader closed the output; stopped");
    return 1;
  } finally {
    clearInterval(progress);
  }
  report();
  return tally.bad + tally.failed === 0 ? 0 : 1;
}

function summary({ lines, bad, failed, accuracySum, formatSum }: Tally, seconds: number): string {
  const scored = Math.max(1, lines - bad);
  return [
    `${lines} lines, ${bad} bad, ${failed} failed`,
    `mean accuracy ${(accuracySum / scored).toFixed(4)}, format ${(formatSum / scored).toFixed(4)}`,
    `${Math.round(lines / Math.max(seconds, 1e-3))} lines/s`,
  ].join("; ");
}

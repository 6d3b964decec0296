import type { BenchmarkScorer, Scorer } from "../scorer.ts";

/** A scorer that reads what a change makes of each output. */
export const readingOf = (scorer: Scorer, change: (output: string) => string): Scorer =>
  Object.fromEntries(
    Object.entries(scorer).map(([name, { read, aggregate }]): [string, BenchmarkScorer] => [
      name,
      { read: (item, output) => read(item, change(output)), aggregate },
    ]),
  );

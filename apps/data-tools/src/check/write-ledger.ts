import type { Journal } from "../files/journal.ts";
import { createRecordWriter } from "../files/record-writer.ts";
import { failureOf } from "../media/failure.ts";
import type { MediaSettings } from "../media/media-keys.ts";
import { type AskedRecord, askedRecords } from "../media/survey.ts";
import { type Difference, differenceOf } from "./compare-lines.ts";
import type { Decoded } from "./decode-once.ts";
import type { Ledger, LedgerHead, LedgerLine } from "./ledger.ts";

/** Counts of a ledger: `read` = `fine` + the sum of `failed`. */
export interface Ledgered {
  read: number;
  fine: number;
  /** Code -> records. */
  failed: Record<string, number>;
  /** Media items of all records that keep the record rules. */
  asked: number;
  /** The first failures, for a reader. */
  failures: Pick<LedgerLine, "index" | "problemId" | "failed">[];
  /** The files that took longest. */
  slowest: { path: string; seconds: number }[];
  /** Records that training sees otherwise than expected: how many for each difference, and the first ones. */
  differing?: { counts: Partial<Record<Difference, number>>; first: (Named & { difference: Difference })[] };
}

type Named = Pick<LedgerLine, "index" | "problemId">;

const mostNamed = 20;

/** Where the seconds go that each record's media took: they differ from run to run, unlike the ledger. */
export const secondsFile = (output: string): string => `${output}.seconds.jsonl`;

/** Writes a line for each record, in their order, from what the journal has of its media; seconds go into a file beside. */
export async function writeLedger(
  settings: MediaSettings,
  { output, head, journal, expected }: LedgerParts,
): Promise<Ledgered> {
  const ledger = createRecordWriter(output);
  const times = createRecordWriter(secondsFile(output));
  const counts: Ledgered = { read: 0, fine: 0, failed: {}, asked: 0, failures: [], slowest: [] };
  const differing: NonNullable<Ledgered["differing"]> = { counts: {}, first: [] };
  const slowest = new Map<string, number>();
  try {
    ledger.write(head);
    for await (const record of askedRecords(settings)) {
      const line = lineOf(record, journal, settings.media.mediaRoot);
      const { index, problemId, failed } = line;
      ledger.write(line);
      counts.read += 1;
      counts.asked += record.asked?.length ?? 0;
      if (failed) {
        counts.failed[failed.code] = (counts.failed[failed.code] ?? 0) + 1;
        if (counts.failures.length < mostNamed) counts.failures.push({ index, problemId, failed });
      } else counts.fine += 1;
      const seconds = (record.asked ?? []).map(({ request, key }) => {
        const { seconds } = journal.read(key)!;
        keepSlowest(slowest, [request.item.path].flat()[0]!, seconds);
        return seconds;
      });
      times.write({ index, seconds });
      const difference = expected && differenceOf(line, await expected.next());
      if (difference) {
        differing.counts[difference] = (differing.counts[difference] ?? 0) + 1;
        if (differing.first.length < mostNamed) differing.first.push({ index, problemId, difference });
      }
    }
    await expected?.end();
    times.finish();
    ledger.finish();
  } finally {
    times.discard();
    ledger.discard();
    await expected?.close();
  }
  counts.slowest = [...slowest].map(([path, seconds]) => ({ path, seconds })).sort((a, b) => b.seconds - a.seconds);
  return expected ? { ...counts, differing } : counts;
}

interface LedgerParts {
  output: string;
  head: LedgerHead;
  journal: Journal<Decoded>;
  expected: Ledger | undefined;
}

function lineOf({ index, problemId, asked, error }: AskedRecord, journal: Journal<Decoded>, root: string): LedgerLine {
  if (error) return { index, problemId, failed: failureOf(error, root) };
  const decoded = asked.map(({ request, key }) => ({ item: request.item, ...journal.read(key)! }));
  const failed = decoded.find((item) => item.failed)?.failed;
  const media = decoded.map(({ item: { path, kind }, clip }) => ({ path, kind, ...clip }));
  return { index, problemId, ...(failed && { failed }), media };
}

function keepSlowest(slowest: Map<string, number>, path: string, seconds: number): void {
  slowest.set(path, Math.max(seconds, slowest.get(path) ?? 0));
  if (slowest.size <= 5) return;
  const [least] = [...slowest].reduce((a, b) => (b[1] < a[1] ? b : a));
  slowest.delete(least);
}

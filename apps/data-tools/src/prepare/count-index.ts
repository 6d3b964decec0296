import { openPrepared } from "@videor1/data";

/** What of the requests has become; `asked` = `prepared` + the sum of `failed`. */
export interface Prepared {
  /** Different requests of all records. */
  asked: number;
  prepared: number;
  /** Code -> requests. */
  failed: Record<string, number>;
  /** The first of them. */
  failures: { code: string; message: string }[];
  /** Those that this process decoded, and how many a second; null if it had none left. */
  preparedNow: number;
  filesPerSecond: number | null;
  shards: number;
  /** Of pixels in the shards; the same content is there once. */
  bytes: number;
}

const mostNamed = 20;

/** What the index of a whole folder counts. */
export async function countIndex(folder: string): Promise<Omit<Prepared, "asked">> {
  const frames = await openPrepared(folder);
  const failed: Prepared["failed"] = {};
  const failures: Prepared["failures"] = [];
  const clips = new Map<string, { bytes: number; shard: number }>();
  let prepared = 0;
  for (const key of frames.keys()) {
    const line = (await frames.find(key))!;
    if ("failed" in line) {
      failed[line.failed.code] = (failed[line.failed.code] ?? 0) + 1;
      if (failures.length < mostNamed) failures.push(line.failed);
    } else {
      prepared += 1;
      clips.set(line.name, { bytes: line.frames * line.height * line.width * 3, shard: line.shard });
    }
  }
  const all = [...clips.values()];
  const shards = new Set(all.map(({ shard }) => shard)).size;
  const bytes = all.reduce((sum, clip) => sum + clip.bytes, 0);
  return { prepared, failed, failures, preparedNow: 0, filesPerSecond: null, shards, bytes };
}

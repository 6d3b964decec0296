import { recordOfExample } from "@videor1/curation";
import { type BenchmarkName, exampleOf, readBenchmark } from "@videor1/eval";
import type { FoundRow } from "./read-rows.ts";

/** The items of a benchmark's official files as records, and the official record's own fields beside. */
export async function benchmarkRows(
  name: BenchmarkName,
  folder: string,
  options: { mediaRoot: string | undefined; allowOtherCounts: boolean; print: (line: string) => void },
): Promise<{ files: string[]; mediaFolder: string; missing: Set<string>; rows: FoundRow[] }> {
  const { mediaRoot, ...others } = options;
  const read = await readBenchmark(name, folder, { ...others, mediaFolder: mediaRoot });
  const { items, files, mediaFolder, missingMedia } = read;
  const rows = items.map((item, index): FoundRow => {
    return { row: recordOfExample(exampleOf(item)), place: { file: files.join(", "), index } };
  });
  return { files, mediaFolder, missing: new Set(missingMedia.map(({ id }) => id)), rows };
}

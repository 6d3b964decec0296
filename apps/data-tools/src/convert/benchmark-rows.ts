import { recordOfExample } from "@videor1/curation";
import { type BenchmarkName, exampleOf, readBenchmark } from "@videor1/eval";
import type { FoundRow } from "./read-rows.ts";

/** The items of a benchmark's official files as records, and the folder that their paths start from. */
export async function benchmarkRows(
  name: BenchmarkName,
  folder: string,
  options: { mediaRoot: string | undefined; allowOtherCounts: boolean; print: (line: string) => void },
): Promise<{ files: string[]; mediaFolder: string; rows: FoundRow[] }> {
  const { mediaRoot, ...others } = options;
  const { items, files, mediaFolder } = await readBenchmark(name, folder, { ...others, mediaFolder: mediaRoot });
  const file = files.join(", ");
  const rows = items.map((item, index) => ({ row: recordOfExample(exampleOf(item)), place: { file, index } }));
  return { files, mediaFolder, rows };
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { CurateConfig, curate } from "@videor1/data-tools";

export interface CurateDataOptions {
  signal: AbortSignal;
  print: (line: string) => void;
}

/**
 * Makes `rl-videos.json`, the records of rl.json about a video, as `videor1-data curate` does, with its recipe; one that is there
 * stays.
 */
export async function curateData(folder: string, { signal, print }: CurateDataOptions): Promise<void> {
  const output = join(folder, "rl-videos.json");
  if (existsSync(output)) return;
  const config = CurateConfig.parse({
    records: join(folder, "rl.json"),
    output,
    composition: [{ dataType: "video" }],
    indent: 1, // as the files that makeData writes
  });
  const { counts } = await curate(config, { signal, print });
  print(`curate: ${counts.kept} of the ${counts.read} records of rl.json, those about a video: ${output}`);
}

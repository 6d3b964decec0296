import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { InspectKeys, runInspect } from "@videor1/data-tools";

/** Makes the page of `videor1-data inspect` on the questions of RL beside those of the benchmark; one that is there stays. */
export async function inspectData(folder: string, options: AppOptions): Promise<void> {
  const page = join(folder, "records.html");
  if (existsSync(page)) return;
  const config = InspectKeys.parse({
    records: join(folder, "rl.json"),
    against: join(folder, "eval_miniature.json"),
    title: "The miniature: questions of RL, and of its benchmark",
    media: true,
    mediaRoot: folder,
    mediaFiles: 64,
    page,
  });
  await runInspect(config, options);
  options.print(`inspect: ${page}`);
}

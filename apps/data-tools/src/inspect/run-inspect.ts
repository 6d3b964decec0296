import { existsSync } from "node:fs";
import type { AppOptions } from "@videor1/cli";
import { compareDescriptions } from "@videor1/curation";
import { writeWhole } from "../files/write-whole.ts";
import { type InspectedDataSet, inspectDataSet } from "./inspect-data-set.ts";
import type { InspectKeys } from "./inspect-keys.ts";
import type { InspectResult } from "./inspect-result.ts";
import { inspectPage, type PageSet } from "./page/inspect-page.ts";
import { readMedia, type Shown } from "./read-media.ts";
import { spreadOverSources } from "./spread-over-sources.ts";

/** The page cannot be written. */
export class PageExistsError extends Error {
  override readonly name = "PageExistsError";
  readonly code = "OUTPUT_EXISTS";
  readonly hint = "Name another page, or set overwrite=true.";
}

/** Reads one data set or two, their media if asked, and writes the page if asked. */
export async function runInspect(config: InspectKeys, options: AppOptions): Promise<InspectResult> {
  const { page, overwrite } = config;
  if (page !== undefined && !overwrite && existsSync(page)) throw new PageExistsError(`${page}: is there already`);
  const sets: PageSet[] = [await inspectSet(config.records, config, options)];
  if (config.against !== undefined) sets.push(await inspectSet(config.against, config, options));
  const differences = sets[1] && compareDescriptions(sets[0]!.set.description, sets[1].set.description);
  if (page !== undefined) {
    const title = config.title ?? sets.map(({ set: { files } }) => files.join(", ")).join(" and ");
    writeWhole(page, await inspectPage({ title, sets, differences }));
  }
  return { sets: sets.map(({ set }) => set), ...(differences && { differences }), ...(page !== undefined && { page }) };
}

async function inspectSet(
  files: string | readonly string[],
  { rules, media, mediaRoot, mediaFiles, samples, concurrency, page }: InspectKeys,
  { signal }: AppOptions,
): Promise<PageSet> {
  const read = await inspectDataSet(files, { rules, mediaFiles: media ? mediaFiles : 0, signal });
  const { chosen, ...set }: InspectedDataSet = read;
  if (!media || mediaRoot === undefined) return { set, shown: [] };
  const wanted = new Set(page === undefined ? [] : spreadOverSources(chosen, 2 * samples));
  const outcome = await readMedia(chosen, { mediaRoot, concurrency, signal, isShown: (one) => wanted.has(one) });
  const shown: Shown[] = outcome.shown.slice(0, samples);
  return { set: { ...set, media: outcome.summary }, shown };
}

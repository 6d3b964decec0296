import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { compareDescriptions, textKey } from "@videor1/curation";
import { replaceFile } from "@videor1/runs";
import { refuseOtherOutput } from "../files/output-there.ts";
import { type InspectedDataSet, inspectDataSet } from "./inspect-data-set.ts";
import type { InspectKeys } from "./inspect-keys.ts";
import type { InspectResult } from "./inspect-result.ts";
import { inspectPage, type PageSet } from "./page/inspect-page.ts";
import { readMedia, type Shown } from "./read-media.ts";
import { spreadOverSources } from "./spread-over-sources.ts";

/** Reads one data set or two, their media if asked, and writes the page if asked. */
export async function runInspect(config: InspectKeys, options: AppOptions): Promise<InspectResult> {
  const { page, overwrite } = config;
  const mark = pageMark(config);
  const inputs = [config.records, config.against ?? []].flat();
  if (page !== undefined) refuseOtherOutput(page, inputs, { overwrite, isOwn: () => isOwnPage(page, mark) });
  const sets: PageSet[] = [await inspectSet(config.records, config, options)];
  if (config.against !== undefined) sets.push(await inspectSet(config.against, config, options));
  const differences = sets[1] && compareDescriptions(sets[0]!.set.description, sets[1].set.description);
  if (page !== undefined) {
    const title = config.title ?? sets.map(({ set: { files } }) => files.join(", ")).join(" and ");
    mkdirSync(dirname(page), { recursive: true });
    replaceFile(page, await inspectPage({ title, mark, sets, differences }));
  }
  return { sets: sets.map(({ set }) => set), ...(differences && { differences }), ...(page !== undefined && { page }) };
}

async function inspectSet(
  files: string | readonly string[],
  { rules, media, mediaRoot, mediaFiles, samples, concurrency, page }: InspectKeys,
  { signal }: AppOptions,
): Promise<PageSet> {
  const reads = mediaRoot !== undefined && media !== false;
  const read = await inspectDataSet(files, { rules, mediaFiles: reads ? mediaFiles : 0, signal });
  const { chosen, ...set }: InspectedDataSet = read;
  if (!reads) return { set, shown: [] };
  const wanted = new Set(page === undefined ? [] : spreadOverSources(chosen, 2 * samples));
  const outcome = await readMedia(chosen, { mediaRoot, concurrency, signal, isShown: (one) => wanted.has(one) });
  const shown: Shown[] = outcome.shown.slice(0, samples);
  return { set: { ...set, media: outcome.summary }, shown };
}

/** What a page is known by: the settings that it shows. */
const pageMark = ({ overwrite: _, json: __, concurrency: ___, ...settings }: InspectKeys): string =>
  `videor1-data inspect ${textKey(JSON.stringify(settings)).toString(36)}`;

const isOwnPage = (page: string, mark: string): boolean =>
  statSync(page).isFile() && readFileSync(page, "utf8").slice(0, 2000).includes(`content="${mark}"`);

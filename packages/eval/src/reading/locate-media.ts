import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import type { MediaItem } from "@videor1/data";
import type { Benchmark } from "../benchmark.ts";
import type { BenchmarkItem } from "../item.ts";

/** Items whose media were looked for, and what was not there. */
export interface LocatedMedia {
  items: BenchmarkItem[];
  /** Items without their first video or image: they keep its usual path, and are asked in vain. */
  missing: BenchmarkItem[];
  /** Archives that were not unpacked, relative to the folder: media are missing because of them, probably. */
  archives: string[];
}

/**
 * Puts in the place of every item's media those that are there: the first place of several that the benchmark's releases use.
 *
 * @param folder - of the media; nothing outside of it is looked at.
 */
export async function locateMedia(
  benchmark: Benchmark,
  folder: string,
  items: readonly BenchmarkItem[],
): Promise<LocatedMedia> {
  const isThere = lister(folder);
  const missing: BenchmarkItem[] = [];
  const located: BenchmarkItem[] = [];
  for (const item of items) {
    const media = await Promise.all(
      item.media.map(async (medium, i) => await firstOf(placesOf(benchmark, item, medium, i), isThere)),
    );
    if (media[0] === undefined) missing.push(item);
    // A second medium, as the picture of a question, may be absent.
    const kept = media.flatMap((medium, i) => medium ?? (i === 0 ? [item.media[0]!] : []));
    located.push({ ...item, media: kept });
  }
  return { items: located, missing, archives: missing.length > 0 ? await archivesIn(folder, missing) : [] };
}

/** Where a medium may be: where it usually is, where other releases put it, and each under other names. */
function placesOf({ otherMedia }: Benchmark, item: BenchmarkItem, medium: MediaItem, index: number): MediaItem[] {
  const places = [medium, ...((index === 0 && otherMedia?.(item)) || [])];
  return places.flatMap((place) => {
    const { path } = place;
    if (typeof path !== "string") return [place];
    return [path, ...otherNames(path)].map((name) => ({ ...place, path: name }));
  });
}

/** Archives unpack into a folder of their own or do not; some clips are no .mp4. */
function otherNames(path: string): string[] {
  const [, stem = path, end = ""] = /^(.*)\.(mp4|avi|webm|mkv)$/.exec(path) ?? [];
  const cased = isImage.test(path) ? [] : videoEnds.filter((each) => each !== end).map((each) => `${stem}.${each}`);
  return [...cased, `videos/${path}`, `video/${path}`];
}

const isImage = /\.(jpe?g|png|webp|gif)$/i;
const videoEnds = ["mp4", "MP4", "avi", "mkv", "webm"];

async function firstOf(places: readonly MediaItem[], isThere: (path: string) => Promise<boolean>) {
  for (const place of places) {
    const paths = [place.path].flat();
    if ((await Promise.all(paths.map(isThere))).every(Boolean)) return place;
  }
  return undefined;
}

/**
 * Whether a path of the folder is there; each folder in it is listed once. A path that leads out is not looked at; links are
 * followed, and judged when the file is loaded.
 */
function lister(folder: string): (path: string) => Promise<boolean> {
  const listed = new Map<string, Promise<ReadonlySet<string>>>();
  return async (path) => {
    const plain = normalize(path);
    if (isAbsolute(plain) || plain.startsWith("..")) return false;
    const inside = dirname(plain);
    const names = listed.get(inside) ?? namesIn(join(folder, inside));
    listed.set(inside, names);
    return (await names).has(basename(plain));
  };
}

const namesIn = async (folder: string): Promise<ReadonlySet<string>> => new Set(await readdir(folder).catch(() => []));

const archive = /\.(zip|tar|tgz)(\.|$)|\.(part|z)[-.]?\w+$/i;

async function archivesIn(folder: string, missing: readonly BenchmarkItem[]): Promise<string[]> {
  const paths = missing.map(({ media }) => [media[0]!.path].flat()[0]!);
  const folders = new Set([".", ...paths.map((path) => path.split("/")[0]!), ...paths.map((path) => dirname(path))]);
  const found = await Promise.all(
    [...folders].map(async (inside) => {
      const names = await readdir(join(folder, inside)).catch(() => []);
      return names.filter((name) => archive.test(name)).map((name) => join(inside, name));
    }),
  );
  return [...new Set(found.flat())].sort();
}

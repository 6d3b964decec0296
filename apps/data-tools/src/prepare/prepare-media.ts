import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { progress } from "@videor1/cli";
import {
  type ClipRequest,
  contentHash,
  fileStamps,
  type IndexLine,
  type MediaOptions,
  mediaFiles,
  openPrepared,
  preparedFiles,
  preparedKey,
} from "@videor1/data";
import type { ProcessorConfig } from "@videor1/processor-qwen25vl";
import { openSafetensors } from "@videor1/safetensors";
import { type Journal, openJournal } from "../files/journal.ts";
import { OutputThereError } from "../files/output-there.ts";
import { createRecordWriter } from "../files/record-writer.ts";
import type { Failure } from "../media/failure.ts";
import { inOrder } from "../media/in-order.ts";
import type { MediaSettings } from "../media/media-keys.ts";
import { askedRecords, countAsked, type RecordsFile, recordsFiles } from "../media/survey.ts";
import { countIndex, type Prepared } from "./count-index.ts";
import { makeFrames, type UnplacedEntry } from "./make-frames.ts";
import { createShards, type ShardPlace, type Shards } from "./shards.ts";

export interface PrepareOptions {
  /** Folder of the shards. */
  output: string;
  processor: ProcessorConfig;
  shardBytes: number;
  concurrency: number;
  overwrite: boolean;
  signal: AbortSignal;
  /** The caller reads all frames again: what has changed is then told by that. */
  verify: boolean;
}

/** The file of a folder that says what it was made of. */
interface Head {
  prepared: "videor1-data prepare";
  version: 1;
  files: RecordsFile[];
  records: number;
  rules: string;
  seed: number;
  media: Record<string, unknown>;
  /** Sides of images and of frames are multiples of these. */
  factors: { image: number; video: number };
  shardBytes: number;
}

type JournalLine = (UnplacedEntry & ShardPlace) | { failed: Failure };

/**
 * Decodes and resizes the frames of all media that the records ask for, once each, into a folder that training reads. What is
 * made is kept in the folder's journal until all of it is there.
 *
 * @throws {OutputThereError} If the folder holds anything else, or frames of media that have changed. @throws The signal's reason, once it is aborted.
 */
export async function prepareMedia(settings: MediaSettings, options: PrepareOptions): Promise<Prepared> {
  const { output, shardBytes, processor, signal } = options;
  const { records, media: asked } = await countAsked(settings, signal, preparedKey);
  const head: Head = {
    prepared: "videor1-data prepare",
    version: 1,
    files: await recordsFiles(settings.records),
    records,
    rules: settings.rules,
    seed: settings.seed,
    media: pixelOptions(settings.media),
    factors: { image: factorOf(processor.image), video: factorOf(processor.video) },
    shardBytes,
  };
  if (isMade(output, head, options.overwrite)) {
    if (!options.verify) await refuseChanged(settings, output);
    return { ...(await countIndex(output)), asked };
  }
  const journalPath = `${resolve(output)}.journal`;
  const journal = openJournal<JournalLine>(journalPath, { settings: { ...head, mediaRoot: settings.media.mediaRoot } });
  const shards = createShards(output, shardBytes);
  try {
    const started = performance.now();
    const preparedNow = await fillShards(settings, { ...options, journal, shards, total: asked });
    const seconds = (performance.now() - started) / 1000;
    await writeIndex(settings, journal, output, shards.finish());
    const partial = join(output, `${preparedFiles.head}.partial`);
    writeFileSync(partial, `${JSON.stringify(head, null, 2)}\n`);
    renameSync(partial, join(output, preparedFiles.head));
    const counts = { ...(await countIndex(output)), asked, preparedNow };
    return { ...counts, filesPerSecond: preparedNow > 0 ? preparedNow / seconds : null };
  } finally {
    shards.close();
    journal.close();
    if (existsSync(join(output, preparedFiles.head))) rmSync(journalPath, { force: true });
  }
}

const factorOf = ({ patchSize, mergeSize }: { patchSize: number; mergeSize: number }): number => patchSize * mergeSize;

/** The media options that decide pixels. */
function pixelOptions({ mediaRoot, time, prepared, unprepared, decoder, ...rest }: MediaOptions): Head["media"] {
  const { backend, threads, timeoutSeconds, whole, keepBytes, ...choices } = decoder;
  return JSON.parse(JSON.stringify({ ...rest, decoder: choices })) as Head["media"];
}

const startAgain = "Name another folder, or begin again in it: overwrite=true.";

const isOurs = (name: string): boolean =>
  /^(prepared\.json|index\.jsonl)(\.partial)?$|^frames-\d+\.safetensors/.test(name);

/** True if the folder has been made whole by this command. @throws {OutputThereError} If it holds anything else. */
function isMade(folder: string, head: Head, overwrite: boolean): boolean {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  const other = names.find((name) => !isOurs(name));
  if (other !== undefined)
    throw new OutputThereError(folder, `holds ${other}, which is not of this command`, "Name another folder.");
  const headPath = join(folder, preparedFiles.head);
  if (existsSync(headPath)) {
    if (!overwrite && isDeepStrictEqual(JSON.parse(readFileSync(headPath, "utf8")), head)) return true;
    if (!overwrite) throw new OutputThereError(folder, "holds the frames of other records or settings", startAgain);
  }
  const isLeft = (name: string) => overwrite || /\.(partial|tmp-\d+)$/.test(name); // by a process that was killed
  for (const name of names.filter(isLeft)) rmSync(join(folder, name));
  if (overwrite) rmSync(`${resolve(folder)}.journal`, { force: true });
  return false;
}

const again = "Make all frames again: overwrite=true.";

/** @throws {OutputThereError} If a media file holds something else than when its frames were made, or frames are gone. */
async function refuseChanged(settings: MediaSettings, folder: string): Promise<void> {
  const { mediaRoot } = settings.media;
  const frames = await openPrepared(folder);
  for await (const { key, request } of differentRequests(settings)) {
    const line = await frames.find(key);
    if (line === undefined || "failed" in line) continue;
    const shard = join(folder, preparedFiles.shard(line.shard));
    const end = line.position + line.frames * line.height * line.width * 3;
    if ((statSync(shard, { throwIfNoEntry: false })?.size ?? 0) < end)
      throw new OutputThereError(folder, `lacks frames in ${preparedFiles.shard(line.shard)}`, again);
    const files = await mediaFiles(mediaRoot, request.item).catch(() => undefined); // absent: training says so
    if (files === undefined || isDeepStrictEqual(await fileStamps(files), line.stamps)) continue;
    if ((await contentHash(files)) === line.content) continue;
    const path = [request.item.path].flat()[0];
    const reason = `holds frames of media that have changed since, as ${path}`;
    throw new OutputThereError(folder, reason, again);
  }
}

/** Work on fewer items shows no progress. */
const fewestShown = 20;

interface FillOptions extends PrepareOptions {
  journal: Journal<JournalLine>;
  shards: Shards;
  total: number;
}

/** Makes the frames of all requests, in the order of the records. @returns How many this process made. */
async function fillShards(settings: MediaSettings, options: FillOptions): Promise<number> {
  const { journal, shards, total, concurrency, processor, signal } = options;
  const places = new Map<string, ShardPlace>();
  const bar = total > fewestShown ? progress({ label: "prepare", total }) : undefined;
  const outcomes = inOrder(differentRequests(settings), concurrency, async ({ key, request }) => {
    signal.throwIfAborted();
    const line = journal.read(key);
    return line === undefined
      ? { key, made: await makeFrames(request, settings.media, { processor, signal }) }
      : { line };
  });
  let done = 0;
  let now = 0;
  let failed = 0;
  try {
    for await (const { key, line, made } of outcomes) {
      let entered = line;
      if (made?.failed) entered = { failed: made.failed };
      else if (made) {
        const { entry, rgb } = made;
        const place = places.get(entry.name) ?? shards.add(entry, rgb);
        entered = { ...entry, ...place };
      } else if (line && "name" in line && !places.has(line.name)) shards.pass(line, line);
      if (key !== undefined) {
        journal.add(key, entered!);
        now += 1;
      }
      if ("name" in entered!) places.set(entered.name, { shard: entered.shard, offset: entered.offset });
      else failed += 1;
      done += 1;
      bar?.update(done, { failed });
    }
  } finally {
    bar?.stop();
  }
  return now;
}

async function* differentRequests(settings: MediaSettings): AsyncGenerator<{ key: string; request: ClipRequest }> {
  const seen = new Set<string>();
  for await (const { asked = [] } of askedRecords(settings, preparedKey))
    for (const { key, request } of asked) {
      if (seen.has(key)) continue;
      seen.add(key);
      yield { key, request };
    }
}

/** Writes what the journal has, in the order of the records, with the place of each clip in its file. */
async function writeIndex(
  settings: MediaSettings,
  journal: Journal<JournalLine>,
  output: string,
  shards: number,
): Promise<void> {
  const positions = new Map<string, number>();
  for (let shard = 0; shard < shards; shard += 1) {
    const file = openSafetensors(join(output, preparedFiles.shard(shard)));
    for (const name of file.names) positions.set(name, file.locate(name).position);
    file.close();
  }
  const index = createRecordWriter(join(output, preparedFiles.index));
  try {
    for await (const { key } of differentRequests(settings)) {
      const line = journal.read(key)!;
      if ("failed" in line) index.write({ key, failed: line.failed } satisfies IndexLine);
      else {
        const { offset, ...entry } = line;
        index.write({ key, ...entry, position: positions.get(entry.name)! } satisfies IndexLine);
      }
    }
    index.finish();
  } finally {
    index.discard();
  }
}

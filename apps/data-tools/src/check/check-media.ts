import { existsSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { progress } from "@videor1/cli";
import type { ClipRequest } from "@videor1/data";
import { type Journal, openJournal } from "../files/journal.ts";
import { refuseOtherOutput } from "../files/output-there.ts";
import { atOnce } from "../media/at-once.ts";
import type { MediaSettings } from "../media/media-keys.ts";
import { askedRecords, countAsked, recordsFiles } from "../media/survey.ts";
import { type Decoded, decodeOnce, isCurrent } from "./decode-once.ts";
import { LedgerError, type LedgerHead, openLedger } from "./ledger.ts";
import { type Ledgered, secondsFile, writeLedger } from "./write-ledger.ts";

export interface CheckOptions {
  /** The ledger, JSON Lines. */
  output: string;
  /** An earlier ledger of the same records. */
  expect?: string | undefined;
  concurrency: number;
  overwrite: boolean;
  signal: AbortSignal;
}

/** What a check has found. */
export interface Checked extends Ledgered {
  /** Media items that are decoded once each, and those among them that this process decoded. */
  decoded: number;
  decodedNow: number;
  /** Of this process; null if it had nothing left to decode. */
  filesPerSecond: number | null;
}

/**
 * Decodes the media of every record as training will, each request once, and writes the ledger. What is decoded is kept in
 * `<output>.journal` until the ledger is whole.
 *
 * @throws {OutputThereError} If there is an output of another command. @throws {LedgerError} If `expect` is of other records.
 * @throws The signal's reason, once it is aborted.
 */
export async function checkMedia(settings: MediaSettings, options: CheckOptions): Promise<Checked> {
  const { output, concurrency, signal } = options;
  const { mediaRoot, ...media } = settings.media;
  const { records, media: total } = await countAsked(settings, signal);
  const head: LedgerHead = {
    ledger: "videor1-data check",
    version: 1,
    files: await recordsFiles(settings.records),
    records,
    rules: settings.rules,
    seed: settings.seed,
    media: JSON.parse(JSON.stringify(media)) as LedgerHead["media"],
  };
  const own = await isOwn(output, head);
  const inputs = [...settings.records, ...(options.expect === undefined ? [] : [options.expect])];
  refuseOtherOutput(output, inputs, { overwrite: options.overwrite, isOwn: () => own });
  refuseOtherOutput(secondsFile(output), inputs, { overwrite: options.overwrite, isOwn: () => own });
  const expected = options.expect === undefined ? undefined : await openExpected(options.expect, head);
  const journal = openJournal<Decoded>(`${output}.journal`, { settings: { ...head, mediaRoot } });
  let ledgered: Ledgered;
  let decodedNow: number;
  const started = performance.now();
  let seconds: number;
  try {
    decodedNow = await decodeAll(settings, journal, { total, concurrency, signal });
    seconds = (performance.now() - started) / 1000;
    ledgered = await writeLedger(settings, { output, head, journal, expected });
  } finally {
    journal.close();
  }
  rmSync(`${output}.journal`);
  return { ...ledgered, decoded: total, decodedNow, filesPerSecond: decodedNow > 0 ? decodedNow / seconds : null };
}

/** True if there is a whole first line of a ledger of the same records and settings. */
async function isOwn(output: string, head: LedgerHead): Promise<boolean> {
  const there = existsSync(output) ? await openLedger(output).catch(() => undefined) : undefined;
  await there?.close();
  return isDeepStrictEqual(there?.head, head);
}

/** How a file is read and not what it holds: another machine may do it otherwise. */
const howRead = ["backend", "threads", "timeoutSeconds", "whole", "keepBytes"];

async function openExpected(path: string, head: LedgerHead) {
  const ledger = await openLedger(path);
  const refuse = (reason: string, hint: string) => new LedgerError("LEDGER_OTHER", path, reason, hint);
  const hashes = ({ files }: LedgerHead) => files.map(({ sha256 }) => sha256);
  if (!isDeepStrictEqual(hashes(ledger.head), hashes(head)))
    throw refuse("is the ledger of other records", "Compare ledgers of the same files, byte for byte.");
  const contract = ({ media, seed }: LedgerHead) => {
    const { decoder, ...rest } = media;
    const kept = Object.entries(Object(decoder) as object).filter(([name]) => !howRead.includes(name));
    return { ...rest, decoder: Object.fromEntries(kept) as unknown, seed };
  };
  if (!isDeepStrictEqual(contract(ledger.head), contract(head))) {
    const given = JSON.stringify({ seed: ledger.head.seed, ...ledger.head.media });
    throw refuse("was made with other settings of media", `Its settings are ${given}.`);
  }
  return ledger;
}

/** Work on fewer items shows no progress. */
const fewestShown = 20;

/** @returns How many items this process decoded; each ends once in the journal. */
async function decodeAll(
  settings: MediaSettings,
  journal: Journal<Decoded>,
  { total, concurrency, signal }: { total: number; concurrency: number; signal: AbortSignal },
): Promise<number> {
  const begun = new Set<string>();
  let done = 0;
  let decodedNow = 0;
  let failed = 0;
  const bar = total > fewestShown ? progress({ label: "check", total }) : undefined;
  const requests = async function* (): AsyncGenerator<{ request: ClipRequest; key: string }> {
    for await (const { asked = [] } of askedRecords(settings))
      for (const item of asked) {
        if (begun.has(item.key)) continue;
        begun.add(item.key);
        yield item;
      }
  };
  try {
    await atOnce(requests(), concurrency, async ({ request, key }) => {
      signal.throwIfAborted();
      let decoded = journal.read(key);
      if (decoded === undefined || !(await isCurrent(decoded, request, settings.media))) {
        decoded = await decodeOnce(request, settings.media, signal);
        journal.add(key, decoded);
        decodedNow += 1;
      }
      done += 1;
      if (decoded.failed) failed += 1;
      bar?.update(done, { failed });
    });
  } finally {
    bar?.stop();
  }
  return decodedNow;
}

import { mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type AppOptions, describeError, formatBytes, progress, renderTable } from "@videor1/cli";
import { z } from "zod";
import { isDiskError } from "../files/data-tool-error.ts";
import { guardFolder } from "../files/guarded-folder.ts";
import { type Outcome, runVerb, type Verb, VerbKeys } from "../verb.ts";
import { archiveName } from "./archive-name.ts";
import { type Archive, findArchives } from "./find-archives.ts";
import { createLimits } from "./limits.ts";
import { emptyTally, type Tally } from "./tally.ts";
import { unpackArchive } from "./unpack-archive.ts";
import { claimWork } from "./unpack-journal.ts";

export const UnpackConfig = VerbKeys.extend({
  archives: z
    .union([z.string(), z.array(z.string())])
    .transform((words) => [words].flat())
    .pipe(z.array(z.string().min(1)).min(1))
    .describe("Archives, folders of them, or patterns in quotes; any one of an archive's parts names it"),
  output: z
    .string()
    .min(1)
    .optional()
    .describe("Folder below which all is unpacked; default: each archive's own folder"),
  ownFolder: z.boolean().default(false).describe("Unpack each archive into a folder there that is named after it"),
  strip: z.int().min(0).default(0).describe("Leading folders of the names in the archives that are left out"),
  overwrite: z
    .boolean()
    .default(false)
    .describe("Replace files that are there with other content; else they are refused"),
  maxRatio: z
    .number()
    .min(1)
    .default(100)
    .describe("Most bytes that may come out of one byte of an archive, once it has become 16 MB"),
  maxBytes: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("Most bytes that are written in all; null: what the disk has"),
});
export type UnpackConfig = z.output<typeof UnpackConfig>;

/** How one archive ended. */
export interface ArchiveOutcome extends Tally {
  archive: string;
  output: string;
  isComplete: boolean;
  /** Why the archive as a whole could not be unpacked, and what to do. */
  error?: { code: string; message: string; hint?: string };
  seconds: number;
}

/** Work that is done earlier shows no progress. */
const quietMs = 1000;

/** Unpacks archives one after the other; one that is broken stops none of the others. */
export async function unpackAll(config: UnpackConfig, { signal }: AppOptions): Promise<Outcome> {
  const archives = findArchives(config.archives);
  const total = archives.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = progress({ label: "unpack", total, format: formatBytes });
  const limits = createLimits(config);
  const outcomes: ArchiveOutcome[] = [];
  let before = 0;
  let last = performance.now() + quietMs;
  let isShown = false;
  for (const archive of archives) {
    signal.throwIfAborted();
    const began = performance.now();
    const folder = outputOf(archive, config);
    const tally = emptyTally();
    const onPosition = (bytes: number) => {
      const now = performance.now();
      if (now - last < 200) return;
      last = now;
      isShown = true;
      shown.update(before + bytes, { archive: basename(archive.path), files: tally.files + tally.kept });
    };
    let error: ArchiveOutcome["error"];
    try {
      mkdirSync(folder, { recursive: true });
      const work = claimWork(realpathSync(folder));
      try {
        const { temporary } = work;
        const target = guardFolder(folder);
        const own = limits.ofArchive(target.root, archive.bytes);
        const { strip, overwrite } = config;
        const options = { target, temporary, strip, overwrite, limits: own, signal, onPosition };
        await unpackArchive(archive, options, tally);
      } finally {
        work.release();
      }
    } catch (cause) {
      const { code, message, hint, name } = cause as Error & { code?: string; hint?: string };
      const endsRun = isDiskError(cause) || ["UNPACK_DISK", "UNPACK_MAX_BYTES", "RUN_LOCKED"].includes(code ?? "");
      if (endsRun || code === undefined || name === "AbortError") {
        if (isShown) shown.stop();
        throw cause;
      }
      error = {
        code,
        message: hint === undefined ? describeError(cause) : message,
        ...(hint !== undefined && { hint }),
      };
    }
    const isComplete = error === undefined && tally.refused === 0;
    const seconds = Number(((performance.now() - began) / 1000).toFixed(3));
    outcomes.push({ archive: archive.path, output: folder, isComplete, ...(error && { error }), ...tally, seconds });
    before += archive.bytes;
  }
  if (isShown) {
    shown.update(total, { archives: archives.length });
    shown.stop();
  }
  return outcome(outcomes);
}

function outputOf(archive: Archive, { output, ownFolder }: UnpackConfig): string {
  const folder = output ?? dirname(archive.path);
  if (!ownFolder) return resolve(folder);
  const name = basename(archive.path);
  return resolve(join(folder, name.replace(/\.(zip|tar(\.gz|\.zst)?|tgz|tzst)$/i, "") || archiveName(name)!.kind));
}

function outcome(archives: readonly ArchiveOutcome[]): Outcome {
  const sum = (
    key: "entries" | "files" | "kept" | "folders" | "links" | "stripped" | "refused" | "bytes" | "seconds",
  ) => archives.reduce((total, archive) => total + archive[key], 0);
  const complete = archives.filter(({ isComplete }) => isComplete).length;
  const rows = archives.map(({ archive, files, kept, refused, bytes, seconds, error }) => {
    const end = error?.code ?? (refused > 0 ? "incomplete" : "complete");
    return [archive, end, `${files}`, `${kept}`, `${refused}`, formatBytes(bytes), seconds.toFixed(1)];
  });
  const header = ["archive", "outcome", "written", "kept", "refused", "size", "seconds"];
  const faults = archives.flatMap(({ archive, error, refusals, refused }) => [
    ...(error === undefined ? [] : [`${error.message}\n  ${error.hint ?? ""}`.trimEnd()]),
    ...refusals
      .slice(0, 10)
      .map(({ entry, code, reason }) => `${archive}, ${JSON.stringify(entry)}: ${code}, ${reason}`),
    ...(refused > 10 ? [`${archive}: ${refused - 10} more entries refused; --json names a thousand`] : []),
  ]);
  const text = [
    renderTable(header, rows, { left: [0, 1] }),
    ...(faults.length > 0 ? [`\n${faults.join("\n")}`] : []),
    `\n${complete} of ${archives.length} archives complete: ${sum("files")} files written (${formatBytes(sum("bytes"))}), ${sum("kept")} kept, ${sum("refused")} entries refused.`,
  ].join("\n");
  const totals = Object.fromEntries(
    (["entries", "files", "kept", "folders", "links", "stripped", "refused", "bytes"] as const).map((key) => [
      key,
      sum(key),
    ]),
  );
  const result = { complete, failed: archives.length - complete, ...totals, archives };
  return { text, result, isFine: complete === archives.length };
}

const verb: Verb<typeof UnpackConfig> = {
  name: "unpack",
  description: "Unpack zip and tar archives, whole or in parts, each in its folder or all in one.",
  schema: UnpackConfig,
  words: ["archives…"],
  run: unpackAll,
};

/** `videor1-data unpack`. */
export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

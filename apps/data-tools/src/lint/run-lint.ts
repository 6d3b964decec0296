import type { AppOptions } from "@videor1/cli";
import {
  type Check,
  checks,
  createLinter,
  type Finding,
  fixRecord,
  type Level,
  type LintRecord,
  lintRecord,
  type Others,
} from "@videor1/curation";
import { parseRecord, RecordError, type RecordPlace } from "@videor1/data";
import type { Rules } from "@videor1/rewards";
import { counter } from "../files/counter.ts";
import { readDataSet } from "../files/read-data-set.ts";
import { createFixes, type FixReport } from "./fixes.ts";
import type { LintKeys } from "./lint-keys.ts";
import { gatherMedia, type MediaReading } from "./lint-media.ts";
import { type OtherMedia, readOthers } from "./read-others.ts";

/** What lint says of a data set. */
export interface LintResult {
  files: string[];
  /** Data sets that were compared with. */
  against: string[];
  /** Records read: valid and invalid. */
  records: number;
  valid: number;
  invalid: number;
  /** Codes found at each level. */
  levels: Record<Level, number>;
  findings: Finding[];
  /** What was read of media; absent without `media`. */
  media?: MediaReading;
  /** What `fix` changed; absent without it. */
  fixed?: FixReport;
}

/** Reads the records once, mends them if asked, and checks what is left; then their media, if asked. */
export async function runLint(config: LintKeys, { signal, print }: AppOptions): Promise<LintResult> {
  const { rules, longText, seed, most } = config;
  const files = [config.records].flat();
  const isAsked = (code: string) => (config.only?.includes(code) ?? true) && !config.ignore.includes(code);
  const chosen = checks.filter(({ code }) => isAsked(code));
  const fixes =
    config.output === undefined ? undefined : createFixes(config.output, { files, overwrite: config.overwrite, most });
  const media =
    config.media && config.mediaRoot !== undefined
      ? gatherMedia({ ...config, mediaRoot: config.mediaRoot, isAsked })
      : undefined;
  const count = counter("lint");
  const outcome = { records: 0, valid: 0, invalid: 0 };
  try {
    const others = await othersOf(config, { signal, print }, (one) => media?.addOther(one));
    const linter = createLinter(chosen, { rules, longText, seed, most, others });
    for await (const { record, invalid } of readDataSet(files, rules)) {
      signal.throwIfAborted();
      const read = record
        ? lintRecord(record, rules)
        : lintRecord({ fields: invalid.fields, place: invalid.place, issues: invalid.error.issues }, rules);
      const kept = fixes === undefined ? read : mended(read, chosen, rules, fixes.add);
      fixes?.write(kept === read ? (record ?? invalid).fields : kept.fields);
      linter.add(kept);
      media?.add(kept);
      outcome.records += 1;
      outcome[kept.issues.length === 0 ? "valid" : "invalid"] += 1;
      count.add();
    }
    count.stop();
    const ofRecords = linter.finish();
    const ofMedia = await media?.read({ signal });
    const findings = [...ofRecords, ...(ofMedia?.findings ?? [])];
    const fixed = fixes?.finish();
    const at = (level: Level) => findings.filter((finding) => finding.level === level).length;
    return {
      files,
      against: others?.names.map(({ name }) => name) ?? [],
      ...outcome,
      levels: { error: at("error"), warning: at("warning"), info: at("info") },
      findings,
      ...(ofMedia && { media: ofMedia.summary }),
      ...(fixed && { fixed }),
    };
  } finally {
    count.stop();
    fixes?.discard();
  }
}

function othersOf(
  { against = [], benchmarks = [], rules }: LintKeys,
  options: Pick<AppOptions, "signal" | "print">,
  onMedia: (media: OtherMedia) => void,
): Promise<Others> | undefined {
  const given = { against: [against].flat(), benchmarks: [benchmarks].flat() };
  if (given.against.length + given.benchmarks.length === 0) return undefined;
  return readOthers({ ...given, rules, ...options }, onMedia);
}

function mended(
  read: LintRecord,
  chosen: readonly Check[],
  rules: Rules,
  onFix: (record: LintRecord, codes: readonly string[]) => void,
): LintRecord {
  const { record, codes } = fixRecord(read, chosen, (fields) => reread(fields, read.place, rules));
  if (codes.length > 0) onFix(read, codes);
  return record;
}

function reread(fields: Readonly<Record<string, unknown>>, place: RecordPlace, rules: Rules): LintRecord {
  try {
    return lintRecord({ fields, place, example: parseRecord(fields, place, rules) }, rules);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return lintRecord({ fields, place, issues: error.issues }, rules);
  }
}

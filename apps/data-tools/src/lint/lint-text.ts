import type { Finding, FoundAt, Level } from "@videor1/curation";
import type { LintResult } from "./run-lint.ts";

const levels: readonly Level[] = ["error", "warning", "info"];

/** What lint found, for a reader: by level and code, with the first records of each. */
export function lintText(
  { files, against, records, invalid, findings, levels: counts, media, fixed }: LintResult,
  show: number,
): string {
  const blocks = levels.flatMap((level) =>
    findings.filter((finding) => finding.level === level).map((finding) => findingText(finding, show)),
  );
  const found = levels.map((level) => plural(counts[level], level === "info" ? "note" : level)).join(", ");
  const broken = invalid > 0 ? `, ${invalid} of which training would refuse` : "";
  const compared = against.length > 0 ? `, compared with ${against.join(", ")}` : "";
  const reading = media
    ? [
        `${media.read} of ${media.own + media.others} media read, ${(media.read / Math.max(media.seconds, 1e-3)).toFixed(1)} files a second.`,
      ]
    : [];
  const summary = `${plural(records, "record")} of ${files.join(", ")}${broken}${compared}: ${found}.`;
  return [...blocks, ...(fixed ? [fixText(fixed)] : []), ...reading, summary].join("\n\n");
}

function findingText({ code, level, about, remedy, fixes, count, records, groups }: Finding, show: number): string {
  const head = `${level} ${code}: ${count} ${about}`;
  const shown = [
    ...records.slice(0, show).map((found) => `  ${whereOf(found)}: ${oneLine(found.note)}`),
    ...groups
      .slice(0, show)
      .map(({ group, note, records }) => `  ${oneLine(group)} (${records} records): ${oneLine(note)}`),
  ];
  const rest = count - shown.length;
  const more = rest > 0 ? [`  and ${rest} more`] : [];
  const fix = fixes === undefined ? [] : [`  fix=true mends: ${fixes}.`];
  return [head, ...shown, ...more, `  ${remedy}`, ...fix].join("\n");
}

/** `file:line` of JSON Lines, else `file[index]`. */
function whereOf({ id, place: { file, index, line } }: FoundAt): string {
  const where = line === undefined ? `${file}[${index}]` : `${file}:${line}`;
  return id === undefined ? where : `${where} (${oneLine(String(id))})`;
}

function fixText({ output, written, changed, codes }: NonNullable<LintResult["fixed"]>): string {
  const lines = codes.map(({ code, count }) => `  ${code}: ${plural(count, "record")}`);
  return [
    `Mended ${changed} of ${plural(written, "record")}, in ${output}; the findings are of what is left.`,
    ...lines,
  ].join("\n");
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Without what would move a terminal's cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, " ");

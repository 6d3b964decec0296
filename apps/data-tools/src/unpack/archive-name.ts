export type ArchiveKind = "zip" | "tar" | "tar.gz" | "tar.zst";

export interface ArchiveName {
  kind: ArchiveKind;
  /** The name without the suffix of a part: the archive that all parts make. */
  whole: string;
  /** The suffix of a part, such as "aa" or "001"; undefined for a whole archive. */
  part?: string;
}

const kinds: Readonly<Record<string, ArchiveKind>> = {
  zip: "zip",
  tar: "tar",
  "tar.gz": "tar.gz",
  tgz: "tar.gz",
  "tar.zst": "tar.zst",
  tzst: "tar.zst",
};

export const archiveEndings = Object.keys(kinds).map((ending) => `.${ending}`);

const pattern = /^(.*\.(zip|tar\.gz|tgz|tar\.zst|tzst|tar))(?:[._-]?(?:part)?[._-]?(\d{1,6}|[a-z]{2,8}))?$/is;

/** Of compressions that are not read; they would be parts of `split` by their form. */
const otherEnding = /\.(xz|bz|lz|br|gz)$/i;

/** What a file's name says of an archive, such as `x.zip`, `x.zip.001`, `x.tar.gz.part-aa` or `x.tar.aa`; undefined if it is none. */
export function archiveName(file: string): ArchiveName | undefined {
  const [, whole, ending, part] = pattern.exec(file) ?? [];
  if (whole === undefined || ending === undefined) return undefined;
  const isOther = part !== undefined && /^[a-z]+$/i.test(part) && (!isSplitSuffix(part) || otherEnding.test(file));
  if (isOther) return undefined; // x.zip.bak, x.tar.xz
  return { kind: kinds[ending.toLowerCase()]!, whole, ...(part !== undefined && { part }) };
}

/** Suffixes that `split` gives: aa … yz, then zaaa … zyzz, and so on. */
const isSplitSuffix = (part: string): boolean => /^[a-z]{2}$/.test(part) || /^z+[a-y][a-z]*$/.test(part);

/** The place of a part among all, however it is counted: letters from 0, numbers as they are. */
export function partNumber(part: string): number {
  if (/^\d+$/.test(part)) return Number(part);
  // a leading "z" of a longer suffix only says that the shorter ones are used up: 650 of two letters, then 25 * 26² of four
  const digits = [...part].map((letter) => letter.charCodeAt(0) - 97);
  if (part.length === 2) return digits[0]! * 26 + digits[1]!;
  return 650 + digits.slice(1).reduce((sum, digit) => sum * 26 + digit, 0);
}

/** The numbers that are absent between the first and the last, where parts count from 0 or 1. */
export function missingParts(numbers: readonly number[]): number[] {
  const there = new Set(numbers);
  const first = there.has(0) ? 0 : 1;
  const last = Math.max(...numbers);
  const missing: number[] = [];
  for (let number = first; number < last && missing.length < 20; number += 1)
    if (!there.has(number)) missing.push(number);
  return missing;
}

/** A part's number as a suffix like the others. */
export function suffixLike(number: number, other: string): string {
  if (/^\d+$/.test(other)) return String(number).padStart(other.length, "0");
  if (number >= 650) {
    const rest = number - 650;
    return `z${[676, 26, 1].map((unit) => String.fromCharCode(97 + (Math.floor(rest / unit) % 26))).join("")}`;
  }
  return String.fromCharCode(97 + Math.floor(number / 26), 97 + (number % 26));
}

import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { basename, join } from "node:path";
import { isMachineMetric, listFiles, manifestFile } from "@videor1/runs";

/** A field of a JSON file that holds a number. */
const numberField = /"([^"\\]+)": ?[\d.e+-]+/g;

/** Files about a run's processes and their times: manifest.json, and the event files made from metrics.jsonl. */
const isOfProcesses = (path: string): boolean =>
  basename(path) === manifestFile || basename(path).startsWith("events.out.tfevents.");

const isText = (path: string): boolean => /\.(jsonl?|ya?ml|html|md)$/.test(path);

/**
 * The first difference between the files of two run folders, in words; undefined if they are equal. It shows whether a run
 * that was killed and resumed leaves the files of an unbroken one. Files are compared byte for byte; in texts the folders'
 * own names and machine metrics (`isMachineMetric`) count as equal. manifest.json and TensorBoard's event files, which every
 * process rewrites, are not compared.
 */
export function firstDifference(one: string, other: string): string | undefined {
  const [left, right] = [filesOf(one), filesOf(other)];
  for (const path of [...new Set([...left, ...right])].sort()) {
    if (!left.has(path) || !right.has(path)) return `${path} is in ${left.has(path) ? one : other} only`;
    const place = differentByte(join(one, path), join(other, path));
    if (place === undefined) continue;
    if (!isText(path)) return `${path} differs from byte ${place} on`;
    const line = differentLine(plainLines(one, path), plainLines(other, path));
    if (line !== undefined) return `${path} differs in line ${line.number}:\n  ${line.one}\n  ${line.other}`;
  }
  return undefined;
}

const filesOf = (folder: string): Set<string> =>
  new Set(listFiles(folder).flatMap(({ path }) => (isOfProcesses(path) ? [] : [path])));

/** Offset of the first byte in which two files differ. */
function differentByte(one: string, other: string): number | undefined {
  const files = [openSync(one, "r"), openSync(other, "r")] as const;
  const blocks = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)] as const;
  try {
    for (let offset = 0; ; ) {
      const [a, b] = files.map((file, i) => blocks[i]!.subarray(0, readSync(file, blocks[i]!))) as [Buffer, Buffer];
      if (!a.equals(b)) {
        const shared = a.findIndex((byte, i) => byte !== b[i]);
        return offset + (shared < 0 ? a.length : shared);
      }
      if (a.length === 0) return undefined;
      offset += a.length;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

const plainLines = (folder: string, path: string): string[] =>
  readFileSync(join(folder, path), "utf8")
    .replaceAll(folder, "")
    .replaceAll(numberField, (field, name: string) => (isMachineMetric(name) ? `"${name}":0` : field))
    .split("\n");

function differentLine(one: readonly string[], other: readonly string[]) {
  for (let i = 0; i < Math.max(one.length, other.length); i++)
    if (one[i] !== other[i]) return { number: i + 1, one: excerpt(one[i]), other: excerpt(other[i]) };
  return undefined;
}

const excerpt = (line: string | undefined): string => (line === undefined ? "(no such line)" : line.slice(0, 200));

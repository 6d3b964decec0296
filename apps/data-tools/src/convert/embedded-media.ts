import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "@videor1/curation";

/** Writes media that a table holds as bytes. */
export interface MediaStore {
  /** Files that rows named so far, each counted once. */
  readonly count: number;
  /** The row with paths, relative to the root, in the place of bytes; free of the nulls that a parquet table puts everywhere. */
  extract(row: Row, isTable: boolean): Row;
}

/** A store in a folder of the media root; the same bytes are the same file, named by their content. */
export function createMediaStore(root: string, folder: string): MediaStore {
  const named = new Set<string>();
  const keep = (bytes: Uint8Array): string => {
    const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${endOf(bytes) ?? "bin"}`;
    const path = `${folder}/${name}`;
    if (named.has(name)) return path;
    named.add(name);
    const file = join(root, path);
    if (!existsSync(file)) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(`${file}.partial`, bytes);
      renameSync(`${file}.partial`, file);
    }
    return path;
  };
  const extracted = (value: unknown, isTable: boolean): unknown => {
    if (value instanceof Uint8Array)
      return endOf(value) === undefined ? Buffer.from(value).toString("base64") : keep(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (typeof value === "string") return value.startsWith("data:") ? (ofDataUri(value) ?? value) : value;
    if (Array.isArray(value)) return value.map((held) => extracted(held, isTable));
    if (typeof value !== "object" || value === null) return value;
    const { bytes, path, ...rest } = value as Row;
    if ("bytes" in value && Object.keys(rest).length === 0)
      return bytes instanceof Uint8Array ? keep(bytes) : typeof path === "string" ? path : null;
    return ofFields(value, isTable);
  };
  const ofFields = (value: object, isTable: boolean): Row => {
    const fields = Object.entries(value).filter(([, held]) => !isTable || held !== null);
    return Object.fromEntries(fields.map(([name, held]) => [name, extracted(held, isTable)]));
  };
  const ofDataUri = (text: string): string | undefined => {
    const [, data] = /^data:(?:image|video)\/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)$/.exec(text) ?? [];
    return data === undefined ? undefined : keep(Buffer.from(data, "base64"));
  };
  return {
    get count() {
      return named.size;
    },
    extract: ofFields,
  };
}

/** First bytes of a format, from an offset -> how its files end. */
const signatures: readonly (readonly [number, string, string])[] = [
  [0, "\xff\xd8\xff", "jpg"],
  [0, "\x89PNG", "png"],
  [0, "GIF8", "gif"],
  [8, "WEBP", "webp"],
  [8, "AVI ", "avi"],
  [4, "ftypavif", "avif"],
  [4, "ftyp", "mp4"],
  [0, "\x1aE\xdf\xa3", "mkv"],
  [0, "II*\0", "tif"],
  [0, "MM\0*", "tif"],
];

function endOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  return signatures.find(([at, signature]) => head.startsWith(signature, at))?.[2];
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A temporary folder, removed after the tests. */
export const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
export const freshPath = () => join(folder, `${files++}.safetensors`);

/** Writes a file of a header object and data bytes, by hand from the format's description. */
export function handMade(header: unknown, data: Uint8Array, headerBytes?: number): string {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(headerBytes ?? json.length));
  const path = freshPath();
  writeFileSync(path, Buffer.concat([prefix, json, data]));
  return path;
}

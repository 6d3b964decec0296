import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { fileChecksum } from "./file-checksum.ts";

const work = mkdtempSync(join(tmpdir(), "file-checksum-"));
afterAll(() => rmSync(work, { recursive: true }));
const written = (content: string | Uint8Array) => {
  const path = join(work, "file");
  writeFileSync(path, content);
  return fileChecksum(path);
};

test("the check value of CRC-32, and of nothing", () => {
  expect(written("123456789")).toBe("cbf43926");
  expect(written("")).toBe("00000000");
});

test("a file of several parts; one bit makes another sum", () => {
  const bytes = Uint8Array.from({ length: 9 * 2 ** 20 + 5 }, (_, i) => (i * 31) % 251);
  expect(written(bytes)).toBe(crc32(bytes).toString(16).padStart(8, "0"));
  const before = written(bytes);
  bytes[bytes.length - 1]! ^= 1;
  expect(written(bytes)).not.toBe(before);
});

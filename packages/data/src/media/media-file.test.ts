import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inspectFile } from "./media-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "videor1-file-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["one-byte sizes", "1a45dfa3 81 00 18538067 90", 12 + 16 - 1],
  ["eight-byte size", "1a45dfa3 82 0000 18538067 0100000000000100", 19 + 256],
  ["unknown size (live)", "1a45dfa3 81 00 18538067 01ffffffffffffff", undefined],
  ["another element after the header", "1a45dfa3 81 00 ec000000 90", undefined],
  ["not Matroska", "00000018 66747970 69736f6d", undefined],
  ["cut in the header", "1a45dfa3", undefined],
])("announced bytes of Matroska: %s", async (name, hex, expected) => {
  const path = join(folder, name);
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  await writeFile(path, bytes);
  expect(inspectFile(path)).toEqual({ bytes: bytes.length, announcedBytes: expected });
});

test("what is not a file with content is refused", async () => {
  await writeFile(join(folder, "empty"), "");
  expect(() => inspectFile(join(folder, "empty"))).toThrow("the file is empty");
  expect(() => inspectFile(folder)).toThrow("not a regular file");
  expect(() => inspectFile("/dev/zero")).toThrow("not a regular file");
  expect(() => inspectFile(join(folder, "absent"))).toThrow("ENOENT");
});

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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
  ["neither, nor MP4", "00000018 6674797a 69736f6d", undefined],
  ["MP4, cut in its first box", "00000018 66747970 69736f6d", 24],
  ["MP4, whole", "0000000c 66747970 69736f6d 00000008 6d646174", 20],
  ["MP4, cut in a 64-bit box", "0000000c 66747970 69736f6d 00000001 6d646174 0000000000000100", 12 + 256],
  ["MP4, its last box open", "0000000c 66747970 69736f6d 00000000 6d646174", undefined],
  ["AVI of two parts", "52494646 08000000 41564920 00000000 52494646 04000000 41564958", 28],
  ["AVI, cut", "52494646 ff000000 41564920", 263],
  ["MP4, text after its boxes", "0000000c 66747970 69736f6d 67617262 61676521", undefined],
  ["WebP, cut", "52494646 ff000000 57454250", 263],
  ["GIF, a comment and more after the end", "474946383961 0100 0100 00 00 00 21fe 0161 00 3b 0000", 19],
  [
    "GIF, a picture with its colours",
    "474946383961 0100 0100 80 00 00 000000ffffff 2c 0000 0000 0100 0100 00 02 0101 00 3b",
    34,
  ],
  ["GIF, cut between two blocks", "474946383961 0100 0100 00 00 00 21fe 0161 00", 19],
  ["GIF, cut in a block", "474946383961 0100 0100 00 00 00 21fe 0961", 18],
  ["GIF, no block where one should be", "474946383961 0100 0100 00 00 00 21fe 0161 00 05 3b", 21],
  ["PNG, cut between two chunks", "89504e470d0a1a0a 00000000 61616161 00000000", 32],
  ["PNG, cut in a chunk", "89504e470d0a1a0a 00000064 61616161 00", 132],
  ["PNG, whole", "89504e470d0a1a0a 00000000 49454e44 00000000 00", 20],
  ["cut in the header", "1a45dfa3", undefined],
])("announced bytes: %s", async (name, hex, expected) => {
  const path = join(folder, name);
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  await writeFile(path, bytes);
  expect(inspectFile(path)).toEqual({ bytes: bytes.length, announcedBytes: expected, zeroBytes: 0 });
});

test("what is not a file with content is refused", async () => {
  await writeFile(join(folder, "empty"), "");
  expect(() => inspectFile(join(folder, "empty"))).toThrow("the file is empty");
  expect(() => inspectFile(folder)).toThrow("not a regular file");
  spawnSync("mkfifo", [join(folder, "pipe.mp4")]);
  if (existsSync(join(folder, "pipe.mp4"))) {
    expect(() => inspectFile(join(folder, "pipe.mp4"))).toThrow("not a regular file"); // and not: wait for a writer
  }
  expect(() => inspectFile("/dev/zero")).toThrow("not a regular file");
  expect(() => inspectFile(join(folder, "absent"))).toThrow("ENOENT");
});

test("zeros at the end of a Matroska file, but not of an MP4 file", async () => {
  const path = join(folder, "zeros");
  await writeFile(path, Buffer.concat([Buffer.from("1a45dfa300", "hex"), Buffer.alloc(300)]));
  expect(inspectFile(path)).toMatchObject({ zeroBytes: 301 });
  await writeFile(path, Buffer.concat([Buffer.from("1a45dfa381001853806781ff", "hex"), Buffer.alloc(300)])); // beyond its end
  expect(inspectFile(path)).toMatchObject({ announcedBytes: 12, zeroBytes: 0 });
  await writeFile(path, Buffer.concat([Buffer.from("0000000866747970", "hex"), Buffer.alloc(300)]));
  expect(inspectFile(path)).toMatchObject({ zeroBytes: 0 });
});

test.each(["#EXTM3U\n../outside.ts\n", "ffconcat version 1.0\nfile 'a.ts'\n", '<?xml version="1.0"?><MPD></MPD>'])(
  "%j, which names other files, is refused",
  async (text) => {
    await writeFile(join(folder, "list.mp4"), text);
    expect(() => inspectFile(join(folder, "list.mp4"))).toThrow("a playlist, which names other files, is not read");
  },
);

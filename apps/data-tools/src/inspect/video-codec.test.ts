import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { afterAll, expect, test } from "vitest";
import { videoCodec } from "./video-codec.ts";

const folder = mkdtempSync(join(tmpdir(), "codec-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (bytes: Uint8Array | string) => {
  writeFileSync(join(folder, "a"), bytes, "latin1");
  return join(folder, "a");
};

test("an MP4 file of ours, whole and cut anywhere", async () => {
  const file = join(folder, "a.mp4");
  await encodeVideo(file, new Uint8Array(32 * 16 * 3 * 4), { width: 32, height: 16, fps: 4 });
  expect(videoCodec(file)).toBe("H.264");
  const bytes = readFileSync(file);
  for (let end = 0; end < bytes.length; end += 31)
    expect([undefined, "H.264"]).toContain(videoCodec(write(bytes.subarray(0, end))));
});

test.each([
  ["\x1a\x45\xdf\xa3....\x86\x85V_VP9....", "VP9"],
  ["\x1a\x45\xdf\xa3....A_OPUS....V_MPEG4/ISO/AVC\x00", "H.264"],
  ["\x1a\x45\xdf\xa3....V_THEORA", "V_THEORA"],
  ["RIFF....AVI LIST....hdrlstrh8\0\0\0vidsXVID", "MPEG-4"],
  ["RIFF....AVI LIST....hdrlstrh8\0\0\0auds\0\0\0\0", undefined],
  ["\0\0\0\x08ftyp\0\0\0\0moov", undefined],
  ["", undefined],
])("%j: %s", (bytes, codec) => {
  expect(videoCodec(write(bytes))).toBe(codec);
});

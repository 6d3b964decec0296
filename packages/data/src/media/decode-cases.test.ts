import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasFfmpeg, meanDifference } from "../../test/pictures.ts";
import type { VideoBackend } from "./backend.ts";
import { decodeVideo } from "./decode-video.ts";

const folder = new URL("../../test/golden/cases/", import.meta.url).pathname;
const backends: VideoBackend[] = hasFfmpeg ? ["node-av", "ffmpeg"] : ["node-av"];
const sha = (rgb: Uint8Array) => createHash("sha256").update(rgb).digest("hex").slice(0, 16);

// Frames that `ffmpeg -map 0:V:0 -fps_mode passthrough` 5.1 shows, and the hash of four of them by its `-sws_flags bilinear`.
const sound: [file: string, what: string, frames: number, rgb: string][] = [
  ["announce26.avi", "announces one frame too many", 25, "fca4f286dc48f399"],
  ["vfr-empty.avi", "announces slots that are empty", 40, "f639bfafdf0ef4b3"],
  ["xvid.avi", "packed B frames", 48, "0ec492f68f854042"],
  ["edit-list-ends-early.mp4", "an edit list hides its end", 50, "b66b36d34940481c"],
  ["burst.mkv", "frames 4 ms apart", 50, "5cd9a4cde7c42b2b"],
  ["dropped.mp4", "a reference was dropped", 86, "18b094cd1ea222d1"],
  ["sei-trunc.mp4", "a side message is truncated", 50, "c2dbc81d7be99fac"],
  ["il-h264-64x48.mp4", "interlaced", 25, "eed4bffffbd33b4f"],
  ["il-mpeg2-64x48.m2ts", "interlaced", 25, "a860fa6b6721e520"],
  ["m4-nostss.mp4", "no list of key frames", 75, "cf1e2ef9fa9dd78e"],
  ["ns-h263.3gp", "no list of key frames", 75, "906844bf50a4d0d8"],
  ["og-cut.m2ts", "starts in an open group", 75, "f325cc8e1705b0cc"],
  ["ogh-cut.mkv", "starts in an open group", 75, "f93ee48f0a08b596"],
  ["ogps-cut.mpg", "starts in an open group, few packets timed", 45, "214bb0e59b3c6063"],
  ["first-not-key.mkv", "H.261, whose first frame is not marked as key", 15, "0ec269dbb4c32139"],
  ["th-static.ogv", "empty packets", 5, "ecebca3e917c3e13"],
  ["ycgco.mp4", "a matrix without coefficients", 50, "6ffffae62344c551"],
];

describe.each(backends)("%s reads sound files that look odd", (backend) => {
  test.each(sound)("%s: %s", async (file, _, frames, rgb) => {
    const clip = await decodeVideo(join(folder, file), { nframes: 4, backend, rotate: false });
    expect(clip).toMatchObject({ totalFrames: frames, warnings: [] });
    expect(sha(clip.rgb)).toBe(rgb);
  });

  // pts_seconds of torchcodec 0.17.0 at the same indices, less that of frame 0.
  test.each([
    ["burst.mkv", [0, 0.4, 0.8, 0.836, 1.2, 1.6]],
    ["dropped.mp4", [0, 0.76, 1.56, 2.36, 3.16, 3.92]],
    ["delays.gif", [0, 0.2, 0.4, 0.57, 0.77, 0.97]],
    ["vfr-empty.avi", [0, 0.32, 0.64, 1.32, 1.64, 1.96]],
  ])("%s: the times of its frames", async (file, seconds) => {
    const { timestamps } = await decodeVideo(join(folder, file), { nframes: 6, backend });
    expect(timestamps.map((time) => Math.round(time * 1e4) / 1e4)).toEqual(seconds);
  });

  test.each(["cut70-tail.flv", "zero80-tail.mkv"])("%s is damaged", async (file) => {
    await expect(decodeVideo(join(folder, file), { nframes: 4, backend })).rejects.toThrow(/cut short|zero bytes/);
  });

  test("a picture on its side is turned, or by option not", async () => {
    const path = join(folder, "rot90.mp4");
    const [stored, upright] = await Promise.all(
      [false, true].map((rotate) => decodeVideo(path, { nframes: 2, backend, rotate })),
    );
    expect([upright!.height, upright!.width]).toEqual([stored!.width, stored!.height]);
    const { height, width } = stored!;
    const turned = new Uint8Array(height * width * 3); // counter-clockwise: its last row is column 0
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const to = ((width - 1 - x) * height + y) * 3;
        turned.set(stored!.rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
      }
    }
    expect(meanDifference(upright!.rgb.subarray(0, turned.length), turned)).toBeLessThan(0.5); // chroma rows
  });

  test("colour tags beyond matrix and range change nothing", async () => {
    const clip = await decodeVideo(join(folder, "hdr-pq.mp4"), { nframes: 4, backend });
    const means = [0, 1, 2].map((c) => clip.rgb.reduce((sum, v, i) => (i % 3 === c ? sum + v : sum), 0));
    means.forEach((sum, c) => {
      expect((sum / clip.rgb.length) * 3).toBeCloseTo(hdrMeans[c]!, 1);
    });
  });

  test("pictures of 4:2:2 are turned in 4:4:4", async () => {
    const clip = await decodeVideo(join(folder, "rot180-422.mov"), { nframes: 4, backend });
    expect(sha(clip.rgb)).toBe("843d69a77096bfef"); // decord 0.6.0
  });

  test("frames of another size are scaled to the first", async () => {
    const clip = await decodeVideo(join(folder, "sz.webm"), { nframes: 4, backend });
    expect(clip).toMatchObject({ totalFrames: 50, height: 48, width: 64, frames: 4, warnings: [] });
    expect(sha(clip.rgb)).toBe("a77d40aeed33501a"); // decord 0.6.0
  });

  test("the rate of a GIF is that of its delays", async () => {
    const clip = await decodeVideo(join(folder, "delays.gif"), { nframes: 4, backend });
    expect(clip).toMatchObject({ totalFrames: 30, fps: expect.closeTo(4 / clip.durationSeconds, 6) });
    expect(clip.durationSeconds).toBeCloseTo(1, 1);
  });

  test("a playlist that leads elsewhere is not read", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "videor1-list-")), "list.mp4");
    for (const address of [join(folder, "og-cut.m2ts"), `file://${join(folder, "og-cut.m2ts")}`, "../og-cut.m2ts"]) {
      await writeFile(path, `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3.0,\n${address}\n#EXT-X-ENDLIST\n`);
      await expect(decodeVideo(path, { backend })).rejects.toThrow("a playlist, which names other files, is not read");
    }
  });

  test("the stream that FFmpeg thinks best is read", async () => {
    const clip = await decodeVideo(join(folder, "two-streams-default2.mkv"), { nframes: 4, backend });
    expect(clip).toMatchObject({ height: 96, width: 128 });
  });
});

const hdrMeans = [86.56, 62.61, 57.07];

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Example, encodeVideo, type LoadedClip, loadClips } from "@videor1/data";
import { cutClip, loadProcessorConfig } from "@videor1/processor-qwen25vl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RlConfig } from "./config.ts";
import { openMedia, type RunMedia } from "./open-media.ts";

const folder = mkdtempSync(join(tmpdir(), "videor1-open-media-"));
const config = RlConfig.parse({
  model: folder,
  outputDir: "o",
  data: { records: "r", media: { mediaRoot: folder, nframes: 4, videoMinPixels: 3136, videoMaxPixels: 12_544 } },
});
const example = (path: string): Example => ({
  problemId: 1,
  problem: "how many?",
  problemType: "numerical",
  dataType: "video",
  options: [],
  dataSource: "test",
  solution: "<answer>1</answer>",
  path,
});
let media: RunMedia;

beforeAll(async () => {
  writeFileSync(join(folder, "preprocessor_config.json"), "{}");
  for (const [path, height, width] of [
    ["small.mp4", 120, 160],
    ["large.mp4", 480, 640],
  ] as const) {
    const rgb = Uint8Array.from({ length: 4 * height * width * 3 }, (_, i) => (i * 7 + (i >> 9)) % 251);
    await encodeVideo(join(folder, path), rgb, { width, height, fps: 2 });
  }
  media = await openMedia(config);
});
afterAll(async () => {
  await media.close();
  rmSync(folder, { recursive: true });
});

test.each(["small.mp4", "large.mp4"])(
  "%s, made ready here or in a thread, is what the processor makes of it",
  async (path) => {
    const processor = await loadProcessorConfig(folder);
    const decoded = await loadClips(example(path), config.data.media, { seed: config.seed });
    const { clips, framesHash } = await media.load(example(path));
    expect(clips).toEqual(decoded.map((clip) => cutClip(clip, processor)));
    expect(clips[0]!.cut!.rgb).toBe(clips[0]!.rgb);
    const { rgb, frames, height, width } = decoded[0]!;
    expect(framesHash).toBe(createHash("sha256").update(`${frames}x${height}x${width}\0`).update(rgb).digest("hex"));
    const { ordered, permuted } = media.mediaOf(
      { clips, framesHash },
      { example: example(path), seed: 3 },
      config.tgrpo,
    );
    expect(ordered).toEqual(clips);
    const { cut, ...plain }: LoadedClip = permuted!.clips[0]!;
    expect(cutClip<LoadedClip>(plain, processor).cut!.rows).toEqual(cut!.rows);
  },
);

test("a file that cannot be read fails by itself, and the next is made ready", async () => {
  writeFileSync(join(folder, "broken.mp4"), "no video");
  await expect(media.load(example("broken.mp4"))).rejects.toThrow(/broken.mp4/);
  expect((await media.load(example("large.mp4"))).clips).toHaveLength(1);
});

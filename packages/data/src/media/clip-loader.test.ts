import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLoader } from "../loader.ts";
import { MediaOptions } from "../options.ts";
import { parseRecord } from "../schema.ts";
import { clipLoader } from "./clip-loader.ts";
import { encodeVideo } from "./encode-video.ts";

let mediaRoot: string;
beforeAll(async () => {
  mediaRoot = await mkdtemp(join(tmpdir(), "videor1-loader-"));
  for (const [name, width] of [
    ["narrow", 20],
    ["wide", 40],
  ] as const) {
    const rgb = new Uint8Array(16 * width * 20 * 3).fill(128);
    await encodeVideo(join(mediaRoot, `${name}.mp4`), rgb, { width, height: 20, fps: 8 });
  }
});
afterAll(() => rm(mediaRoot, { recursive: true }));

test("a clip that the model cannot take fails alone", async () => {
  const examples = ["narrow", "wide"].map((name, index) => {
    const record = { problem_id: index, problem: "?", problem_type: "free-form", data_type: "video" };
    return parseRecord({ ...record, solution: "<answer>x</answer>", path: `${name}.mp4` }, { file: "test", index });
  });
  const load = clipLoader(MediaOptions.parse({ mediaRoot, nframes: 4 }), {
    seed: 0,
    check(clips) {
      const width = Math.max(...clips.map((clip) => clip.width));
      if (width > 30) throw new RangeError(`too wide: ${width}`);
    },
  });
  const batches = [];
  for await (const batch of createLoader({ examples, load, batchSize: 2, seed: 0 })) batches.push(batch);
  expect(batches).toMatchObject([
    {
      loaded: [{ example: { path: "narrow.mp4" }, value: [{ frames: 4, width: 20 }] }],
      failed: [{ example: { path: "wide.mp4" }, reason: { message: "too wide: 40" } }],
    },
  ]);
});

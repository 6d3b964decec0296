/** What records ask of their media, as qwen-vl-utils takes it in a message element (packages/data/test/golden/elements.json). */
import { readFileSync } from "node:fs";
import { loadClip, MediaOptions, parseRecord } from "@videor1/data";
import { checkClipSize, parsePixelOptions, smartResize } from "@videor1/processor-qwen25vl";
import { describe, expect, test } from "vitest";

interface Case {
  file: string;
  element: Record<string, number>;
  indices?: number[];
  sampleFps?: number;
  size?: [height: number, width: number];
  error?: string;
}

const golden = new URL("../packages/data/test/golden/", import.meta.url);
const { cases } = JSON.parse(readFileSync(new URL("elements.json", golden), "utf8")) as { cases: Case[] };
/** The constants of qwen-vl-utils, where Video-R1 has others. */
const media = MediaOptions.parse({
  mediaRoot: new URL("video", golden).pathname,
  maxFrames: 768,
  videoMaxPixels: 768 * 28 * 28,
  time: "real",
});
const pixels = parsePixelOptions({}, "video");
const processor = { image: pixels, video: pixels };

async function takenOf({ file, element }: Case) {
  const question = { problem_id: 1, problem: "?", problem_type: "free-form", solution: "<answer>x</answer>" };
  const record = { ...question, data_type: "video", path: file, ...element };
  const clip = await loadClip(parseRecord(record, { file: "test", index: 0 }), media);
  checkClipSize(clip, processor);
  const { minPixels, maxPixels, height, width, resizedHeight = height, resizedWidth = width } = clip;
  const limits = { factor: 28, minPixels, maxPixels, rules: clip.resizeRules };
  const size = smartResize({ height: resizedHeight, width: resizedWidth }, limits);
  return { indices: clip.indices, fps: clip.fps!, size: [size.height, size.width] };
}

describe.each([...new Set(cases.map(({ file }) => file))])("%s", (name) => {
  const own = cases.filter(({ file }) => file === name);

  test(`${own.length} elements`, async () => {
    for (const row of own) {
      const what = JSON.stringify(row.element);
      if (row.error !== undefined) {
        const name = expect.stringMatching(/^(Record|Decode|ImageSize)Error$/);
        await expect(takenOf(row), what).rejects.toMatchObject({ name, hint: expect.any(String) });
        continue;
      }
      const { indices, fps, size } = await takenOf(row);
      expect({ indices, size }, what).toEqual({ indices: row.indices, size: row.size });
      expect(fps, what).toBeCloseTo(row.sampleFps!, 9);
    }
  });
});

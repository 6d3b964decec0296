import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../test/benchmark-folder.ts";
import { goldenBenchmark } from "../../test/golden.ts";
import type { BenchmarkName } from "../benchmark-name.ts";
import { readBenchmark, readItems } from "../read-items.ts";

const part = { allowOtherCounts: true };

describe("media", () => {
  const located = async (name: BenchmarkName, media: readonly string[], id: string) => {
    const { files } = goldenBenchmark(name);
    const folder = writeFiles(temporaryFolder(), { ...files, ...Object.fromEntries(media.map((path) => [path, "x"])) });
    const lines: string[] = [];
    const read = await readBenchmark(name, folder, { ...part, print: (line) => lines.push(line) });
    return { media: read.items.find((item) => item.id === id)!.media, ...read, lines };
  };
  const bounds = { videoStart: 2.5, videoEnd: 9.25 };

  test.each<[string, BenchmarkName, string, string, object]>([
    [
      "as the Hub names it",
      "mvbench",
      "video/clevrer/video_validation/kt_object_existence_0.mp4",
      "object_existence/0",
      {},
    ],
    [
      "unpacked beside its archive",
      "mvbench",
      "data0613/star/Charades_segment/kt_object_interaction_1.mp4",
      "object_interaction/0",
      {},
    ],
    [
      "a part of its original",
      "mvbench",
      "video/star/Charades_v1_480/kt_object_interaction_1.mp4",
      "object_interaction/0",
      bounds,
    ],
    [
      "frames of its original",
      "mvbench",
      "tvqa/frames_fps3_hq/kt_episodic_reasoning_1.mp4/00001.jpg",
      "episodic_reasoning/0",
      { ...bounds, sampleFps: 3 },
    ],
    ["in capitals", "longvideobench", "videos/kt000.MP4", "kt000_0", {}],
    ["in a folder videos", "vsi-bench", "videos/arkitscenes/kt0000.mp4", "0", {}],
  ])("a clip %s", async (_, name, path, id, choices) => {
    const { media, missingMedia, items } = await located(name, [path], id);
    expect(media).toEqual([{ kind: "video", path: path.replace("/00001.jpg", ""), ...choices }]);
    expect(missingMedia).not.toContainEqual(expect.objectContaining({ id }));
    expect(missingMedia.length).toBeGreaterThan(items.length / 2);
  });

  test("archives that were not unpacked are told", async () => {
    const { lines } = await located("vsi-bench", ["scannet.zip", "arkitscenes.zip"], "0");
    expect(lines.at(-1)).toMatch(/45 of 45 items have no media in .*; not unpacked: arkitscenes\.zip, scannet\.zip$/);
  });

  test("subtitles are named where there are any", async () => {
    const { files } = goldenBenchmark("longvideobench");
    const folder = writeFiles(temporaryFolder(), { ...files, "subtitles/kt000_en.json": [] });
    const items = await readItems("longvideobench", folder, { ...part, subtitles: true });
    expect(items.filter(({ subtitles }) => subtitles)).toMatchObject([
      { id: "kt000_0", subtitles: "subtitles/kt000_en.json" },
    ]);
  });

  test("a path of a record that leads out of the folder is not looked at", async () => {
    const [first] = goldenBenchmark("longvideobench").files["lvb_val.json"] as object[];
    const outer = temporaryFolder();
    writeFiles(outer, { "secret.mp4": "x" });
    const folder = writeFiles(join(outer, "data"), { "lvb_val.json": [{ ...first, video_path: "../../secret.mp4" }] });
    expect((await readBenchmark("longvideobench", folder, part)).missingMedia).toHaveLength(1);
  });
});

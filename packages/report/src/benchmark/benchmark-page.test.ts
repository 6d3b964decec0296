import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureItem, fixtureSummary, hostileRun } from "../../test/fixture-benchmark.ts";
import { type BenchmarkPageOptions, benchmarkPage } from "./benchmark-page.ts";
import type { BenchmarkRun } from "./benchmark-run.ts";
import type { BenchmarkData } from "./page/benchmark-data.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "benchmark-page-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function pageOf(
  runs: readonly BenchmarkRun[],
  options: Partial<BenchmarkPageOptions> = {},
): Promise<{ html: string; data: BenchmarkData }> {
  const page = join(folder, "page.html");
  await benchmarkPage(runs, { title: "Ours", page, ...options });
  const html = await readFile(page, "utf8");
  const json = html.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!;
  return { html, data: JSON.parse(json) };
}

test("markup in anything that a model, a data set or a setting says stays text", async () => {
  const { html, data } = await pageOf([hostileRun()]);
  expect(html.match(/<script/g)).toHaveLength(2); // the data, the page's own
  expect(html).not.toMatch(/<img|<i>it/);
  expect(data.items[0]).toMatchObject({
    output: expect.stringContaining("</script><script>"),
    problem: expect.stringContaining("<script>"),
    readings: [expect.objectContaining({ extracted: "<script>pwned = 1</script>" })],
  });
});

test("the page loads nothing", async () => {
  const { html } = await pageOf([{ summary: fixtureSummary(), items: [fixtureItem("one", 1)] }]);
  expect(html).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:;/);
  expect(html.replaceAll(/<script[\s\S]*?<\/script>/g, "")).not.toMatch(/(?:src|href)="(?!#)/);
});

test("several evaluations stand in one table and one list", async () => {
  const other = { name: "mvb", benchmark: "mvbench" };
  const { html, data } = await pageOf([
    { summary: fixtureSummary(), items: [fixtureItem("one", 1)] },
    { summary: fixtureSummary({}, other), items: [fixtureItem("one", 0), fixtureItem("two", 0)] },
  ]);
  expect(html).toContain("<h1>2 evaluations</h1>");
  expect(html).toContain('<h2 id="run-1-title">mvb: MVBench, models/video-r1</h2>');
  expect(data.items.map(({ run, id }) => [run, id])).toEqual([
    [0, "one"],
    [1, "one"],
    [1, "two"],
  ]);
});

const clipOf = (grey: number, indices: number[]) => ({
  rgb: new Uint8Array(indices.length * 2 * 4 * 3).fill(grey),
  frames: indices.length,
  width: 4,
  height: 2,
  indices,
});

test("frames are shown once a clip, in the order seen, and are missing with a reason", async () => {
  const seen = (path: string, indices: number[]) => ({ path, clips: [{ indices }] });
  const items = [
    fixtureItem("1", 1, seen("a.mp4", [0, 8])),
    fixtureItem("2", 1, seen("a.mp4", [0, 8])),
    fixtureItem("3", 1, seen("gone.mp4", [0])),
    fixtureItem("4", 1, seen("other.mp4", [3])),
  ];
  const decoded: string[] = [];
  const { data } = await pageOf([{ summary: fixtureSummary(), items }], {
    frames: async ({ path }) => {
      decoded.push(path);
      if (path === "gone.mp4") throw new Error("no file gone.mp4");
      return path === "a.mp4" ? [{ ...clipOf(0, [0, 8]), rgb: new Uint8Array(48).fill(200, 24) }] : [clipOf(9, [4])];
    },
  });
  expect(decoded).toEqual(["a.mp4", "gone.mp4", "other.mp4"]);
  expect(data.items.map(({ clips }) => clips)).toEqual([0, 0, 1, 2]);
  expect(data.frames[1]).toEqual({ reason: "no file gone.mp4" });
  expect(data.frames[2]).toEqual({ reason: "other.mp4 has other frames now than the model saw" });
  const shown = data.frames[0]!;
  if (!("strip" in shown)) throw new Error(shown.reason);
  expect(shown).toMatchObject({ positions: [0, 1], strip: { count: 2, width: 4, height: 2 } });
  const jpeg = Buffer.from(shown.strip.uri.replace("data:image/jpeg;base64,", ""), "base64");
  const pixels = await sharp(jpeg).greyscale().raw().toBuffer();
  expect(pixels[0]!).toBeLessThan(60);
  expect(pixels[7]!).toBeGreaterThan(140);
});

test("at most so many clips have frames, spread over all", async () => {
  const items = Array.from({ length: 9 }, (_, i) =>
    fixtureItem(`${i}`, 1, { path: `${i}`, clips: [{ indices: [i] }] }),
  );
  const { data } = await pageOf([{ summary: fixtureSummary(), items }], {
    frames: async ({ path }) => [clipOf(0, [Number(path)])],
    mostClips: 3,
  });
  expect(Object.keys(data.frames)).toEqual(["0", "3", "6"]);
});

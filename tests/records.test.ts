/** Records that ask more of their media than one path: parts of videos, frames as files, several media, ids that are texts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeVideo } from "@videor1/data";
import { readLedger, readManifest, readPredictions, readRollouts } from "@videor1/runs";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "records-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const run = join(work, "rl");
const nframes = 4;
let small: SmallData;
let file: string;

interface RawRecord {
  problem_id: number;
  problem: string;
  data_type: string;
  path: string;
}

/** Four records of a file of the small data, each with media of another form. */
async function withMedia(name: string): Promise<object[]> {
  const records = JSON.parse(readFileSync(join(small.data, name), "utf8")) as RawRecord[];
  const videos = records.filter(({ data_type }) => data_type === "video");
  const [part, listed, folder, both] = videos as [RawRecord, RawRecord, RawRecord, RawRecord];
  const { rgb, width, height, frames } = await decodeVideo(join(small.data, listed.path), { nframes: 6 });
  mkdirSync(join(small.data, "frames"), { recursive: true });
  const paths = Array.from({ length: frames }, (_, f) => `frames/${f}.png`);
  for (const [f, path] of paths.entries()) {
    const frame = rgb.subarray(f * width * height * 3, (f + 1) * width * height * 3);
    await sharp(frame, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(small.data, path));
  }
  const { path: _, data_type: __, ...question } = both;
  return [
    { ...part, problem_id: "small/part", video_start: 0.5, video_end: 1.5 },
    { ...listed, problem_id: "small/list", path: paths.slice(0, 5), sample_fps: 3 },
    { ...folder, problem_id: "small/folder", path: "frames", max_frames: 2 },
    {
      ...question,
      problem_id: "small/both",
      problem: `<video>${both.problem}<image><video>`,
      images: [paths[0]],
      videos: [both.path, { video: part.path, nframes: 2 }],
    },
  ];
}

beforeAll(async () => {
  small = await makeSmallData(work);
  file = join(work, "records.jsonl");
  writeFileSync(file, (await withMedia("rl.json")).map((record) => `${JSON.stringify(record)}\n`).join(""));
});

test("T-GRPO samples them, permutes each video by itself, and replays to the same numbers", async () => {
  const settings = [`model=${small.init}`, `outputDir=${run}`, `data.records=${file}`, `data.media.nframes=${nframes}`];
  expect(await runCli("rl", [...small.rl, ...settings, "maxSteps=2"])).toMatchObject({ code: 0 });
  const { trained, byCode } = readManifest(run)!.ledger;
  expect(readLedger(run).filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(trained + (byCode.NO_SIGNAL ?? 0)).toBe(4);

  const groups = new Map(readRollouts(run).map((group) => [group.problemId, group]));
  expect([...groups.keys()].sort()).toEqual(["small/both", "small/folder", "small/list", "small/part"]);
  const part = groups.get("small/part")!;
  expect(part.media).toMatchObject([{ kind: "video", videoStart: 0.5, videoEnd: 1.5 }]);
  expect(part.frameIndices[0]).toBeGreaterThan(0);
  expect(part.frameSeconds![0]).toBeGreaterThanOrEqual(0.5);
  expect(part.frameSeconds!.at(-1)).toBeLessThanOrEqual(1.5);
  expect(groups.get("small/list")).toMatchObject({ path: "frames/0.png", frameIndices: [0, 1, 2, 3, 4, 4] });
  expect(groups.get("small/folder")).toMatchObject({ path: "frames", frameIndices: [0, 5] });
  const both = groups.get("small/both")!;
  expect(both).toMatchObject({ dataType: "video", clipFrames: [1, nframes, 2] });
  expect(both.frameSeconds!.map((time) => time === null)).toEqual([true, ...Array(nframes + 2).fill(false)]);
  const { permutation } = both;
  expect(permutation![0]).toBe(0);
  expect(permutation!.slice(1, 1 + nframes).sort()).toEqual([1, 2, 3, 4]);
  expect(permutation!.slice(1 + nframes).sort()).toEqual([5, 6]);

  const { code, stdout } = await runCli("replay", [run, "2"]);
  expect(stdout).toContain("rewards and advantages, and all metrics agree.");
  expect(code).toBe(0);
});

test("a report shows their frames", async () => {
  const { code, stderr } = await runCli("report", [run]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const page = readFileSync(join(run, "report.html"), "utf8");
  const { groups } = JSON.parse(page.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]!) as {
    groups: { strip: number }[];
  };
  expect(groups).toHaveLength(4);
  expect(new Set(groups.map(({ strip }) => strip)).size).toBe(4); // two begin with the same file
});

test("SFT trains on them", async () => {
  const records = join(work, "sft.json");
  writeFileSync(records, JSON.stringify(await withMedia("sft-reason.json")));
  const outputDir = join(work, "sft");
  const settings = [`data.phases=[{ records: ${records}, steps: 1 }]`, "batchSize=4", `data.media.nframes=${nframes}`];
  expect(await runCli("sft", [...small.sft, ...settings, `outputDir=${outputDir}`])).toMatchObject({ code: 0 });
  expect(readManifest(outputDir)!.ledger).toMatchObject({ trained: 4 });
});

test.runIf(process.env.LONG_TESTS)(
  "a benchmark asks them, in order and shuffled, and goes on where it stopped",
  async () => {
    const bench = (...settings: string[]) =>
      runCli("bench", [
        ...["configs/bench/miniature.yaml", `model=${small.init}`, `outputDir=${work}`, "name=small"],
        ...[`data.records=${file}`, `data.media.mediaRoot=${small.data}`, `data.media.nframes=${nframes}`],
        ...["generation.maxCompletionLength=8", "compareShuffled=true", ...settings],
      ]);
    expect(await bench("limit=2")).toMatchObject({ code: 0 });
    expect(await bench()).toMatchObject({ code: 0 });
    const predictions = readPredictions(work, "small");
    expect(predictions.map(({ problemId, status }) => [problemId, status])).toEqual(
      ["small/part", "small/list", "small/folder", "small/both"].map((id) => [id, "answered"]),
    );
    expect(predictions.every(({ shuffledOutput }) => typeof shuffledOutput === "string")).toBe(true);
  },
);

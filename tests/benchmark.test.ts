/** An evaluation on a benchmark's official files, from the command line to its summary, against a server that misbehaves. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BenchConfig, bench, expandShorthands } from "@videor1/bench";
import { describeError, loadConfig } from "@videor1/cli";
import { encodeVideo } from "@videor1/data";
import { type BenchSummary, readBenchSummary, readPredictions } from "@videor1/runs";
import { type ServerDouble, type ServerDoubleOptions, startServerDouble, textOf } from "@videor1/served-model/double";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { root, signalWhen, startCli } from "./run-cli.ts";

const work = mkdtempSync(join(tmpdir(), "benchmark-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const folder = join(work, "VSI-Bench");

interface VsiRecord {
  dataset: string;
  scene_name: string;
  ground_truth: string;
  question: string;
  options: string[] | null;
}
const golden = join(root, "packages/eval/test/golden/benchmarks/vsibench.json");
const records = (JSON.parse(readFileSync(golden, "utf8")) as { files: { "test.jsonl": VsiRecord[] } }).files[
  "test.jsonl"
];

beforeAll(async () => {
  const frames = Uint8Array.from({ length: 8 * 56 * 56 * 3 }, (_, i) => (i * 7) % 251);
  await encodeVideo(join(work, "clip.mp4"), frames, { width: 56, height: 56, fps: 4 });
  for (const { dataset, scene_name } of records) {
    const clip = join(folder, dataset, `${scene_name}.mp4`);
    mkdirSync(dirname(clip), { recursive: true });
    copyFileSync(join(work, "clip.mp4"), clip);
  }
  writeFileSync(join(folder, "test.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
});

const doubles: ServerDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.stop()));
});

/** A model that knows the answers where the frames are in order, and says so at length. */
function answer(request: Parameters<typeof textOf>[0]): string {
  const asked = textOf(request);
  const record = records.find(({ question }) => asked.includes(question));
  if (record === undefined) return "a start-up check";
  const hasVideo = JSON.stringify(request.messages).includes("video_url");
  const said = hasVideo ? record.ground_truth : "no idea";
  return `<think>A or B? Wait, let me check again.</think>\n<answer>${said}${record.options ? "." : " m"}</answer>`;
}
async function serve(options: ServerDoubleOptions = {}): Promise<string> {
  const double = await startServerDouble({ answer, ...options });
  doubles.push(double);
  return double.url;
}
const argumentsOf = (server: string, out: string, ...more: string[]) => [
  ...["benchmark=vsi-bench", `data=${folder}`, "data.allowOtherCounts=true", "model=double"],
  ...[`server=${server}`, `outputDir=${join(work, out)}`, "data.media.nframes=4", "page=false", ...more],
];

/** What the command line with these arguments prints, or its one error. */
async function run(args: readonly string[]): Promise<{ printed: string; error?: string }> {
  const lines: string[] = [];
  try {
    const config = loadConfig(BenchConfig, join(root, "configs/bench/benchmark.yaml"), expandShorthands(args));
    await bench(config, { signal: new AbortController().signal, print: (line) => void lines.push(line) });
    return { printed: lines.join("\n") };
  } catch (error) {
    return { printed: lines.join("\n"), error: describeError(error) };
  }
}
const evaluate = async (...args: Parameters<typeof argumentsOf>) => {
  const { printed, error } = await run(argumentsOf(...args));
  expect(error).toBeUndefined();
  return printed;
};
beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true); // progress
});

const evaluationOf = (out: string) => readBenchSummary(join(work, out), "vsi-bench").evaluation!;
const bytesOf = (out: string) =>
  readdirSync(join(work, out), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(jsonl|json)$/.test(name) && !name.includes("shard-"))
    .sort()
    .map((name) => [name, readFileSync(join(work, out, name), "utf8")]);
const bare = ({ scorers }: NonNullable<BenchSummary["evaluation"]>) =>
  Object.fromEntries(Object.entries(scorers).map(([name, { mean }]) => [name, mean]));

test("every item ends once, by every scorer, and with what the frames are worth", async () => {
  const server = await serve({
    misbehave: { kinds: ["fail", "rate-limit", "null-content", "close"], share: 0.1, times: 1 },
  });
  expect(await evaluate(server, "whole", "compare=none")).toMatch(/VSI-Bench: double\n\nscore 100\.0 \[/);
  const evaluation = evaluationOf("whole");
  expect(evaluation).toMatchObject({
    source: "official",
    isWhole: false,
    prompt: "video-r1",
    outcomes: { scored: 45 },
    headline: { value: 1 },
    reliance: { none: { n: 45, clips: 45, other: { mean: 0 }, difference: { mean: 1 } } },
    traits: { reflecting: 1, thinking: 1 },
  });
  expect(bare(evaluation).safe).toBe(1);
  expect(bare(evaluation).official).toBe(0); // reads the first word, a tag
  const lines = readPredictions(join(work, "whole"), "vsi-bench");
  expect(new Set(lines.map(({ problemId }) => problemId)).size).toBe(45);
  expect(lines[0]).toMatchObject({
    outcome: "scored",
    readings: { safe: { score: 1 }, official: { score: 0 } },
    compared: { none: { score: 0 } },
    clips: [{ indices: [0, 2, 5, 7] }],
  });
});

test("scorers can be changed afterwards: no question is asked again", async () => {
  await evaluate("http://127.0.0.1:9/v1", "whole", "compare=none", "scorers=official-answer-first,lmms-eval");
  const { headline, mainScorer, scorers } = evaluationOf("whole");
  expect(evaluationOf("whole")).toMatchObject({
    prompt: "video-r1",
    code: { packages: { "@videor1/bench": "0.1.0" } },
  });
  expect(mainScorer).toBe("official-answer-first");
  expect(headline.value).toBeGreaterThan(0.9);
  expect(Object.keys(scorers)).toEqual(["official-answer-first", "lmms-eval"]);
});

test("a clip that is not there and a question that is refused are counted, not dropped", async () => {
  const moved = join(folder, records[3]!.dataset, `${records[3]!.scene_name}.mp4`);
  const server = await serve({ misbehave: { kinds: ["null-content"], share: 0.05, times: 100, seed: 3 } });
  rmSync(moved);
  try {
    const printed = await evaluate(server, "holes", "server.maxTries=1");
    const { outcomes } = evaluationOf("holes");
    expect(outcomes["missing-media"]).toBe(1);
    expect(outcomes["engine-error"]).toBeGreaterThan(0);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(45);
    expect(printed).toContain("1 of 45 items have no media");
  } finally {
    copyFileSync(join(work, "clip.mp4"), moved);
  }
});

test("killed, and two parts merged, it leaves the bytes of one run", async () => {
  const server = await serve({ delay: 20 });
  await evaluate(server, "one");
  const log = join(work, "killed/vsi-bench/ordered.jsonl");
  const isTime = () => existsSync(log) && readFileSync(log, "utf8").split("\n").length > 12;
  await signalWhen(startCli("bench", argumentsOf(server, "killed")), "SIGKILL", isTime);
  expect(existsSync(join(work, "killed/vsi-bench.json"))).toBe(false);
  await evaluate(server, "killed");
  expect(bytesOf("killed")).toEqual(bytesOf("one"));

  await evaluate(server, "parts", "shard=0/2");
  const merge = (...more: string[]) => run(argumentsOf(server, "parts", "shard=merge", ...more));
  expect((await merge()).error).toContain("of 2 parts, number 1 is missing");
  await evaluate(server, "parts", "shard=1/2");
  expect((await merge("generation.topP=0.5")).error).toContain("generation.topP");
  expect(await merge()).not.toHaveProperty("error");
  expect(bytesOf("parts")).toEqual(bytesOf("one"));
}, 600_000); // a guard against hanging

test("the questions as a batch file, and its output scored", async () => {
  const batch = join(work, "batch.jsonl");
  const printed = await evaluate("http://127.0.0.1:9/v1", "batch", "limit=5", `--emit-batch=${batch}`);
  expect(printed).toContain("5 of 5 questions");
  const lines = readFileSync(batch, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ custom_id }) => custom_id)).toEqual(["0", "1", "2", "3", "4"]);
  expect(lines[0]).toMatchObject({ url: "/v1/chat/completions", body: { model: "double", temperature: 0.01 } });
  expect(existsSync(join(work, "batch"))).toBe(false);
});

test.each([
  ["no folder", ["benchmark=vsi-bench", "model=m"], "data=FOLDER is missing"],
  ["an empty folder", ["benchmark=mmvu", "model=m", `data=${work}`], "has not the official"],
  ["other counts", ["benchmark=vsi-bench", "model=m", `data=${folder}`], "5130 expected, 45 found"],
  ["an unknown benchmark", ["benchmark=vsi", "model=m", `data=${folder}`], "benchmark"],
  [
    "an unknown prompt",
    [...argumentsOf("http://127.0.0.1:9/v1", "bad"), "prompt=theirs"],
    "vsi-bench has no prompt theirs",
  ],
  ["an unknown task", [...argumentsOf("http://127.0.0.1:9/v1", "bad"), "tasks=counting"], "counting"],
  [
    "a key that is not set",
    [...argumentsOf("http://127.0.0.1:9/v1", "bad"), "server.apiKeyVariable=NO_SUCH"],
    "NO_SUCH is not set",
  ],
  [
    "a batch file that is a device",
    [...argumentsOf("http://127.0.0.1:9/v1", "bad"), "--emit-batch=/dev/null"],
    "/dev/null is there and is no file",
  ],
  ["a part that is none", [...argumentsOf("http://127.0.0.1:9/v1", "bad"), "shard=2/2"], "there is no part 2 of 2"],
])("%s is one clear error", async (_, args, message) => {
  const { error } = await run(args);
  expect(error).toContain(message);
  expect(error).not.toMatch(/^\s+at /m);
});

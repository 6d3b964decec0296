import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { type GradedPredictionLine, writeBenchSummary, writePredictions } from "@videor1/runs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareCommand } from "./compare-command.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-compare-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an evaluation of 40 items on 20 clips, right where `isRight` says so. */
function writeEvaluation(name: string, isRight: (at: number) => boolean) {
  const row = { name: "all", n: 40, failed: 0 };
  writeBenchSummary(folder, {
    name,
    model: `models/${name}`,
    benchmark: "mvbench",
    grading: "video-r1",
    nframes: 16,
    ordered: { overall: row, types: [], tasks: [], taskMean: 0.5, score: 0.5 },
    shuffled: null,
    evaluation: {
      source: "official",
      isWhole: false,
      prompt: "video-r1",
      decoding: {},
      media: {},
      outcomes: { scored: 40 },
      headline: { name: "mean over items", value: 0.5 },
      mainScorer: "safe",
      scorers: { safe: { mean: 0.5, aggregate: {}, statuses: { scored: 40 } } },
      groups: {},
      disagreements: 0,
      reliance: {},
    },
  });
  const lines = Array.from({ length: 40 }, (_, i): GradedPredictionLine => {
    const correct = isRight(i);
    return {
      problemId: `item-${i}`,
      problemType: "multiple choice",
      solution: "<answer>A</answer>",
      task: "moving_count",
      dataSource: "mvbench",
      dataType: "video",
      problem: "How many?",
      options: ["A. one", "B. two"],
      path: i === 0 ? "clips/seen.mp4" : `clips/${i % 20}.mp4`,
      clips: [{ indices: i === 0 ? [0, 2, 5, 7] : [0, 1] }],
      status: "answered",
      output: correct ? "A" : "B",
      prediction: correct ? "A" : "B",
      score: correct ? 1 : 0,
      correct,
      outcome: "scored",
      readings: { safe: { score: correct ? 1 : 0, extracted: correct ? "A" : "B" } },
    };
  });
  writePredictions(folder, name, lines);
}

beforeAll(() => {
  writeEvaluation("sft", (i) => i < 10);
  writeEvaluation("rl", (i) => i < 30);
});

const at = (name: string) => join(folder, `${name}.json`);

test("prints the comparison, the same for the same seed", async () => {
  const lines: string[] = [];
  await compareCommand([at("sft"), at("rl")], (line) => lines.push(line));
  await compareCommand([at("sft"), at("rl"), "--seed=42"], (line) => lines.push(line));
  expect(lines[0]).toMatch(/^MVBench: rl against sft\n/);
  expect(lines[0]).toContain("rl is better than sft by +50.0 points");
  expect(lines[1]).toBe(lines[0]);
});

test("writes a page with the comparison and the frames that were seen", async () => {
  const rgb = Uint8Array.from({ length: 8 * 56 * 56 * 3 }, (_, i) => (i * 7) % 251);
  mkdirSync(join(folder, "clips"));
  await encodeVideo(join(folder, "clips/seen.mp4"), rgb, { width: 56, height: 56, fps: 4 });
  const page = join(folder, "compare.html");
  const lines: string[] = [];
  await compareCommand([at("sft"), at("rl"), "--markdown", `--page=${page}`, `--media=${folder}`], (line) =>
    lines.push(line),
  );
  expect(lines[0]).toMatch(/^## MVBench: rl against sft\n/);
  expect(lines[1]).toBe(`The page: ${page}`);
  const html = readFileSync(page, "utf8");
  expect(html).toContain('<h2 id="compared-title">MVBench: rl against sft</h2>');
  const { frames } = JSON.parse(html.match(/id="data">(.*?)<\/script>/s)![1]!);
  expect(frames[0]).toMatchObject({ positions: [0, 1, 2, 3], strip: { count: 4, width: 56, height: 56 } });
  expect(frames[1].reason).toContain("clips/1.mp4");
});

test.each([
  [[at("sft")], "two files are compared, got 1"],
  [[at("sft"), folder], "is no summary"],
  [[at("sft"), at("rl"), "--seed=x"], "--seed=x is not a whole number"],
  [[at("sft"), at("rl"), "--alpha=1"], "--alpha"],
  [[at("sft"), at("rl"), "--media=."], "--media is for the frames of a --page"],
  [[at("sft"), at("none")], "none.json: no such file"],
  [[at("sft"), at("rl"), "--scorer=official"], "was not scored by official"],
])("%j is refused", async (argv, reason) => {
  await expect(compareCommand(argv, () => {})).rejects.toMatchObject({
    message: expect.stringContaining(reason),
    hint: expect.any(String),
  });
});

test("--help says how", async () => {
  const lines: string[] = [];
  await compareCommand(["--help"], (line) => lines.push(line));
  expect(lines[0]).toMatch(/^bench compare: /);
});

import { benchmarks } from "@videor1/eval";
import { describe, expect, test } from "vitest";
import { fixtureSummary } from "../../test/fixture-benchmark.ts";
import { benchmarkReport } from "./benchmark-report.ts";
import { benchmarksReport } from "./benchmarks-report.ts";

/** The rows of a plain text, a list of cells each. */
const rowsOf = (text: string) => text.split("\n").map((line) => line.trim().split(/ {2,}/));

describe("benchmarkReport", () => {
  const text = benchmarkReport(fixtureSummary());
  const rows = rowsOf(text);

  test("begins with the number, its interval, its scorer, and how every item ended", () => {
    expect(text.split("\n").slice(0, 5)).toEqual([
      "VSI-Bench: models/video-r1",
      "",
      "score 36.1 [34.0, 38.2] %, mean over tasks, by the scorer safe",
      "4,000 items, all in the denominator: 3,900 scored, 70 unparsed, 0 unjudged, 20 without their media and 10 engine errors",
      "",
    ]);
  });

  test("sets the scorers side by side, with their spread, disagreements and exceptions", () => {
    expect(rows).toContainEqual(["scorer", "score", "scored", "unparsed", "dropped", "error"]);
    expect(rows).toContainEqual(["safe (main)", "36.1", "3,900", "70", "0", "0"]);
    expect(rows).toContainEqual(["lmms-eval", "40.0", "3,960", "0", "4", "6"]);
    expect(text).toContain("5.0 points lie between video-r1 (35.0) and lmms-eval (40.0), each over the items");
    expect(text).toContain("They disagree on 500 of 4,000 items (12.5 %).");
    expect(text).toContain("lmms-eval would have ended with KeyError (5) and AttributeError (1).");
  });

  test("gives every group with its interval, tasks first", () => {
    expect(rows).toContainEqual(["route_planning", "1000", "54.0 [50.0, 58.0]"]);
    expect(text.indexOf("route_planning")).toBeLessThan(text.indexOf("indoor"));
  });

  test("claims of the frames' order what the interval allows, no more", () => {
    expect(text).toContain(
      "With the frames shuffled the score is lower, so it owes something to the order of the frames (+5.0 points, +2.0 to +8.0).",
    );
    expect(text).toContain(
      "With the frames reversed no difference is shown: the interval, −1.0 to +3.0 points, includes 0.",
    );
    expect(text).toContain(
      "With the middle frame alone the score is higher, so seeing more than one frame does not help",
    );
    expect(rows).toContainEqual([
      "shuffled",
      "4,000",
      "280",
      "36.0 [34.0, 38.0]",
      "31.0 [30.0, 35.0]",
      "+5.0 [+2.0, +8.0]",
      "300",
      "200",
      "< 0.001",
    ]);
  });

  test("says nothing of the order over few clips", () => {
    const { shuffled } = fixtureSummary().evaluation!.reliance;
    const few = benchmarkReport(fixtureSummary({ reliance: { shuffled: { ...shuffled!, clips: 5 } } }));
    expect(few).toContain("With the frames shuffled nothing can be said: there are 5 clips alone.");
  });

  test("states traits and settings", () => {
    expect(rows).toContainEqual(["cut off by the limit", "1.5 %"]);
    expect(rows).toContainEqual(["decoding", "temperature=0.01 topP=0.001 maxCompletionLength=1024"]);
    expect(rows).toContainEqual(["frames", "16 frames, nframes=16 maxPixels=200704"]);
    expect(rows).toContainEqual(["files", "the benchmark's own, whole"]);
  });

  test("ends with every published row, ours next to those of the same number of frames", () => {
    const published = rows.slice(rows.findIndex(([first]) => first === "published, VSI-Bench") + 2);
    const end = published.findIndex(([first]) => first!.startsWith("---"));
    expect(end).toBe(benchmarks["vsi-bench"].published.length);
    expect(published[end + 1]).toEqual(["models/video-r1", "16", "36.1", "this evaluation"]);
    const sixteen = benchmarks["vsi-bench"].published.filter(({ frames }) => frames === 16);
    for (const row of published.slice(end - sixteen.length, end)) expect(row[1]).toBe("16");
    expect(text).toContain(
      "Ours is not to be compared as it stands: the scorer is safe, not the paper's; 30 questions",
    );
  });

  test("is a document in Markdown", () => {
    const document = benchmarkReport(fixtureSummary(), { format: "markdown" });
    expect(document).toMatch(/^## VSI-Bench: models\/video-r1\n\nscore 36\.1/);
    expect(document).toMatch(/\| safe \(main\) +\| +36\.1 \|/);
    expect(document).toContain("\n- 5.0 points lie between video-r1");
  });

  test("of records that are no benchmark's is refused", () => {
    const { evaluation: _, ...plain } = fixtureSummary();
    expect(() => benchmarkReport(plain)).toThrow(
      expect.objectContaining({ name: "RunFileError", hint: expect.stringContaining("benchmark=NAME") }),
    );
  });
});

describe("benchmarksReport", () => {
  const whole = { isWhole: true, outcomes: { scored: 10 }, mainScorer: "video-r1" };
  const text = benchmarksReport([
    fixtureSummary(whole),
    fixtureSummary({ ...whole, isWhole: false, prompt: "official" }, { name: "mvb", benchmark: "mvbench" }),
    fixtureSummary(whole, { benchmark: "mvbench", nframes: 8 }),
  ]);

  test("has a column a benchmark and a row a model, published and ours", () => {
    expect(text.split("\n")[2]).toMatch(/^model +frames +MVBench +VSI-Bench +source$/);
    expect(text).toMatch(/^Video-R1-7B +16 +62\.7 +34\.6 +arXiv/m);
    expect(text).toMatch(/^LLaMA-VID +41\.9 {10,}arXiv/m);
    expect(text).toMatch(/^models\/video-r1 +16 +36\.1 \(2,3\) +36\.1 \(1\) +this evaluation$/m);
    expect(text).toMatch(/^models\/video-r1 +8 +36\.1 \(4\) +this evaluation$/m);
  });

  test("names why a number of ours is not comparable", () => {
    expect(text).toContain(
      "(2) the files, or the questions asked, are not the whole benchmark\n(3) the prompt is official",
    );
    expect(text).toContain("(4) the paper has 16, 32 and 64 frames");
  });
});

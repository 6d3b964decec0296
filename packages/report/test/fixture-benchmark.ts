import { BenchSummary, GradedPredictionLine } from "@videor1/runs";

/** An evaluation of 4,000 items of VSI-Bench that differs from another by what is given. */
export function fixtureSummary(
  evaluation: Partial<NonNullable<BenchSummary["evaluation"]>> = {},
  summary: Partial<BenchSummary> = {},
): BenchSummary {
  const row = { name: "all", n: 4000, failed: 30 };
  return BenchSummary.parse({
    name: "vsi-bench",
    model: "models/video-r1",
    benchmark: "vsi-bench",
    grading: "video-r1",
    nframes: 16,
    ordered: { overall: row, types: [], tasks: [], taskMean: 0.3, score: 0.36 },
    shuffled: null,
    ...summary,
    evaluation: {
      source: "official",
      isWhole: true,
      prompt: "video-r1",
      decoding: { temperature: 0.01, topP: 0.001, maxCompletionLength: 1024 },
      media: { nframes: 16, maxPixels: 200704 },
      outcomes: { scored: 3900, unparsed: 70, unjudged: 0, "missing-media": 20, "engine-error": 10 },
      headline: { name: "mean over tasks", value: 0.361, interval: { n: 4000, mean: 0.361, low: 0.34, high: 0.382 } },
      mainScorer: "safe",
      scorers: {
        safe: { mean: 0.361, aggregate: {}, statuses: { scored: 3900, unparsed: 70 } },
        "video-r1": { mean: 0.35, aggregate: {}, statuses: { scored: 3970 } },
        "lmms-eval": {
          mean: 0.4,
          aggregate: {},
          statuses: { scored: 3960, dropped: 4, "error:KeyError": 5, "error:AttributeError": 1 },
        },
      },
      groups: {
        domain: [{ name: "indoor", estimate: { n: 4000, mean: 0.36, low: 0.34, high: 0.38 } }],
        task: [
          { name: "object_counting", estimate: { n: 3000, mean: 0.3, low: 0.28, high: 0.32 } },
          { name: "route_planning", estimate: { n: 1000, mean: 0.54, low: 0.5, high: 0.58 } },
        ],
      },
      disagreements: 500,
      reliance: {
        shuffled: reliance({ n: 4000, mean: 0.05, low: 0.02, high: 0.08 }, 0.0004),
        reversed: reliance({ n: 4000, mean: 0.01, low: -0.01, high: 0.03 }, 0.3),
        single: reliance({ n: 4000, mean: -0.02, low: -0.03, high: -0.01 }, 0.01),
      },
      traits: {
        n: 3970,
        characters: 1200.4,
        thinkingCharacters: 1000,
        tokens: 310.2,
        thinking: 0.99,
        answered: 0.98,
        cutOff: 0.015,
        reflections: 1.234,
        reflecting: 0.4,
      },
      ...evaluation,
    },
  });
}

const reliance = (difference: { n: number; mean: number; low: number; high: number }, p: number) => ({
  n: 4000,
  clips: 280,
  ordered: { n: 4000, mean: 0.36, low: 0.34, high: 0.38 },
  other: { n: 4000, mean: 0.36 - difference.mean, low: 0.3, high: 0.35 },
  difference,
  gained: 300,
  lost: 200,
  p,
});

/** A graded item that differs from another by what is given; `score` and `problemId` are its own. */
export function fixtureItem(
  problemId: string,
  score: number,
  fields: Record<string, unknown> = {},
): GradedPredictionLine {
  return GradedPredictionLine.parse({
    problemId,
    problemType: "multiple choice",
    solution: "<answer>B</answer>",
    task: "route_planning",
    benchmark: "vsi-bench",
    dataSource: "vsi-bench",
    dataType: "video",
    problem: `Which way is left in ${problemId}?`,
    options: ["A. on", "B. back"],
    path: `scannet/${problemId}.mp4`,
    status: "answered",
    output: "<think>It may be B.</think><answer>B</answer>",
    prediction: "B",
    process: "<think>It may be B.</think>",
    score,
    correct: score === 1,
    outcome: "scored",
    groups: { task: "route_planning" },
    readings: { safe: { score, extracted: "B", rule: "tags" }, "video-r1": { score: 1, extracted: "B" } },
    ...fields,
  });
}

/** An evaluation whose every text is markup that would run. */
export function hostileRun(): { summary: BenchSummary; items: GradedPredictionLine[] } {
  const script = "<script>pwned = 1</script>";
  const image = '<img src=x onerror="pwned = 1"> <i>it</i>';
  const estimate = { n: 1, mean: 0.5, low: 0, high: 1 };
  const summary = fixtureSummary(
    { prompt: script, mainScorer: "safe", groups: { task: [{ name: image, estimate }] }, decoding: { stop: script } },
    { name: "hostile", model: script },
  );
  const item = fixtureItem("</script><b>id</b>", 0, {
    problem: `Which ${script}?`,
    options: [`A. ${image}`],
    task: image,
    solution: `<answer>${script}</answer>`,
    output: `<think>${image}</think></script>${script}<answer>${script}</answer>`,
    readings: { [script]: { score: 0, extracted: script, rule: image, status: script } },
    compared: { shuffled: { output: script, score: 0 } },
    path: script,
  });
  return { summary, items: [item] };
}

/** A benchmark end to end, by the command line: once asked of a server, once of the model in a process of ours. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type GradedPredictionLine, readBenchSummary, readPredictions } from "@videor1/runs";

const root = join(import.meta.dirname, "../..");
const golden = join(root, "packages/eval/test/golden/benchmarks/vsibench.json");
/** Without `official`, whose parser takes the empty text before the space that vLLM begins a word-level tokenizer's text with. */
const scorers = ["safe", "official-answer-first", "video-r1", "lmms-eval", "vlmevalkit"];

/** Writes VSI-Bench's recorded 45 records to a folder, each scene with one of the videos. */
export function writeVsiBench(folder: string, videos: readonly string[]): void {
  const content = JSON.parse(readFileSync(golden, "utf8")) as {
    files: { "test.jsonl": { dataset: string; scene_name: string }[] };
  };
  const records = content.files["test.jsonl"];
  for (const [i, { dataset, scene_name }] of records.entries()) {
    const clip = join(folder, dataset, `${scene_name}.mp4`);
    mkdirSync(dirname(clip), { recursive: true });
    copyFileSync(videos[i % videos.length]!, clip);
  }
  writeFileSync(join(folder, "test.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}

export interface ComparedBenchmark {
  n: number;
  /** Items that were answered alike: texts; tokens, frames and ends; readings by every scorer. */
  sameTexts: number;
  sameFacts: number;
  sameReadings: number;
  /** Different texts, and items that the main scorer could read. */
  different: number;
  scored: number;
  /** The benchmark's score by each, and the mean score of every scorer. */
  scores: readonly [served: number, ours: number];
  means: readonly [served: Record<string, number | null>, ours: Record<string, number | null>];
}

/**
 * Runs `npm run bench -- benchmark=vsi-bench` on a folder of `writeVsiBench`, greedily.
 *
 * @param served - its name at the server; `local` the settings of the same model in this process.
 */
export function compareBenchmark(
  { url, data, out }: { url: string; data: string; out: string },
  served: string,
  local: readonly string[],
): ComparedBenchmark {
  const [theirs, ours] = [join(out, "served"), join(out, "local")];
  runBench(data, theirs, [`model=${served}`, `server=${url}`]);
  runBench(data, ours, [...local, "engine.backend=wasm", "engine.workers=1"]);
  const pairs = pairsOf(readPredictions(theirs, "vsi-bench"), readPredictions(ours, "vsi-bench"));
  const summaries = [theirs, ours].map((folder) => readBenchSummary(folder, "vsi-bench").evaluation!);
  const [first, second] = summaries as [(typeof summaries)[number], (typeof summaries)[number]];
  return {
    n: pairs.length,
    sameTexts: pairs.filter(([a, b]) => textOf(a) !== undefined && textOf(a) === textOf(b)).length,
    sameFacts: pairs.filter((pair) => isDeepStrictEqual(factsOf(pair[0]), factsOf(pair[1]))).length,
    sameReadings: pairs.filter(([a, b]) => isDeepStrictEqual(a.readings, b.readings)).length,
    different: new Set(pairs.map(([a]) => textOf(a))).size,
    scored: pairs.filter(([a]) => a.outcome === "scored").length,
    scores: [first.headline.value, second.headline.value],
    means: [meansOf(first), meansOf(second)],
  };
}

function runBench(data: string, outputDir: string, settings: readonly string[]): void {
  const args = [
    ...["--conditions=@videor1/source", "--import", "tsx", "apps/bench/src/cli.ts", "benchmark=vsi-bench"],
    ...[`data=${data}`, "data.allowOtherCounts=true", "data.media.nframes=8", "data.media.videoMinPixels=3136"],
    ...["data.prompt.template=question", "data.prompt.system=null", "generation.doSample=false"],
    ...["generation.maxCompletionLength=48", `scorers=[${scorers.join(", ")}]`],
    ...["page=false", `outputDir=${outputDir}`, ...settings],
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm run bench ends with exit code ${status}: ${stderr}`);
}

function pairsOf(theirs: readonly GradedPredictionLine[], ours: readonly GradedPredictionLine[]) {
  const byId = new Map(ours.map((line) => [String(line.problemId), line]));
  return theirs.map((line) => [line, byId.get(String(line.problemId))!] as const);
}

/** Without the space that vLLM begins the text of a word-level tokenizer with; undefined: not answered. */
const textOf = (line: GradedPredictionLine): string | undefined =>
  line.status === "answered" ? line.output.trim() : undefined;

const factsOf = (line: GradedPredictionLine) =>
  line.status === "answered" && [line.finishReason, line.completionTokens, line.clips];

const meansOf = ({ scorers }: NonNullable<ReturnType<typeof readBenchSummary>["evaluation"]>) =>
  Object.fromEntries(Object.entries(scorers).map(([name, { mean }]) => [name, mean]));

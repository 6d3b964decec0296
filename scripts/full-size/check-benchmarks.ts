// node --conditions=@videor1/source --import tsx scripts/full-size/check-benchmarks.ts FOLDER
// The paper's six benchmarks in their whole size, made up, with tiny clips, through `npm run bench` and a stand-in server: every
// item ends once, a second run asks nothing and writes the same, memory stays flat. Exit code 1 if anything is off.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readBenchSummary, readPredictions } from "@videor1/runs";
import { makeBenchmarks, wholeBenchmarks } from "./make-benchmarks.ts";
import { type Sample, startSource, type WatchedRun, watchedRun } from "./watched-run.ts";

/** What resident memory may grow by between a quarter of all answers and all of them. */
const mostGrowth = 1.5;
const folder = resolve(process.argv[2]!);
const [data, out] = [join(folder, "data"), join(folder, "out")];

let failed = 0;
function report(holds: boolean, line: string): void {
  if (!holds) failed += 1;
  console.log(`${line}${holds ? "" : " OFF"}`);
}

const counts = await makeBenchmarks(data);
const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
const double = startSource([join(import.meta.dirname, "serve-double.ts")], ["pipe", "pipe", "inherit"]);
const url = await new Promise<string>((resolve) => double.stdout!.once("data", (text) => resolve(String(text).trim())));
const settings = [
  `benchmark=${wholeBenchmarks.join(",")}`,
  "model=double",
  `data=${data}`,
  `server=${url}`,
  `outputDir=${out}`,
  "data.media.videoMinPixels=3136", // a frame stays as small as it is
  "scorers=[safe, official, official-answer-first, video-r1, lmms-eval, vlmevalkit]",
];
const command = ["apps/bench/src/cli.ts", ...settings];
const first = await watchedRun(
  command,
  wholeBenchmarks.map((name) => join(out, name, "ordered.jsonl")),
);
if (first.exitCode !== 0) throw new Error(`npm run bench ends with exit code ${first.exitCode}`);
tellPhases(first);
for (const name of wholeBenchmarks) checkEnds(name);
if (first.samples.length > 0) checkMemory(first.samples); // memory is read on Linux alone

const written = () => wholeBenchmarks.map((name) => readFileSync(join(out, `${name}.predictions.jsonl`), "utf8"));
const before = written();
double.kill(); // so that a question would fail
const again = await watchedRun(command, []);
const isSame = written().every((text, i) => text === before[i]);
report(
  again.exitCode === 0 && isSame,
  `again, without a server: ${again.seconds.toFixed(1)} s (${again.processorSeconds.toFixed(0)} of processors), the same bytes: ${isSame}`,
);
console.log(failed ? `${failed} are off` : "all hold");
process.exitCode = failed ? 1 : 0;

function checkEnds(name: string): void {
  const lines = readPredictions(out, name);
  const ids = new Set(lines.map(({ problemId }) => String(problemId)));
  const { outcomes } = readBenchSummary(out, name).evaluation!;
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const { "missing-media": missing = 0, "engine-error": errors = 0 } = outcomes;
  const counted = [lines.length, ids.size, ended].every((count) => count === counts[name]);
  report(counted && missing + errors === 0, `${name}: ${lines.length} of ${counts[name]}, ${JSON.stringify(outcomes)}`);
}

function checkMemory(samples: readonly Sample[]): void {
  const mostBetween = (from: number, to: number) =>
    Math.max(
      ...samples.filter(({ lines }) => from * total <= lines && lines <= to * total).map(({ memory }) => memory),
    );
  const [early, late] = [mostBetween(0.15, 0.3), mostBetween(0.85, 0.999)];
  const growth = late / early;
  report(
    growth <= mostGrowth,
    `memory while asking: ${early.toFixed(0)} MiB at a quarter, ${late.toFixed(0)} MiB towards the end: x ${growth.toFixed(2)}, at most ${mostGrowth}`,
  );
}

/** Seconds until the first answer, of the answers, and of what follows. */
function tellPhases({ samples, seconds, processorSeconds, peakMemory }: WatchedRun): void {
  const asked = samples.find(({ lines }) => lines > 0)?.seconds ?? Number.NaN;
  const ended = samples.find(({ lines }) => lines >= total)?.seconds ?? Number.NaN;
  const phases = [asked, ended - asked, seconds - ended].map((of) => of.toFixed(1));
  console.log(
    `${total} items in ${seconds.toFixed(1)} s (${processorSeconds.toFixed(0)} of processors): reading and prompts ${phases[0]}, answers ${phases[1]}, scores, report and page ${phases[2]}; peak ${peakMemory.toFixed(0)} MiB`,
  );
  const marks = [1000, 5000, 10_000, 15_000, 20_000, total].flatMap((lines) => {
    const at = samples.find((sample) => sample.lines >= lines);
    return at ? [`${lines}: ${at.memory.toFixed(0)} MiB at ${at.seconds.toFixed(0)} s`] : [];
  });
  console.log(marks.join("; "));
}

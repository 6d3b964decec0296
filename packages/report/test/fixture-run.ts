/** A small finished run with invented but consistent numbers, media included, for the tests of the report only. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { randomStream } from "@videor1/random";
import { writeSafetensors } from "@videor1/safetensors";
import { groupMetrics, type RolloutGroup, type ScoreOptions, scoreGroup, type WeighedGroup } from "@videor1/tgrpo";
import sharp from "sharp";
import { stringify } from "yaml";
import { drawFrames, type FixtureTask, fixtureTasks, fps, size } from "./fixture-questions.ts";
import { type ArmName, armNames, scoringOf } from "./fixture-settings.ts";

export const hostileText =
  '<think> <img src=x onerror="window.pwned=1"> border </think> <answer> </script><script>window.pwned=1</script> </answer>';

const rlSteps = 60;
const groupsPerStep = 4;
const frameIndices = [0, 2, 4, 6, 9, 11, 13, 15];

/** Writes the run and returns nothing: the tests read it back from the files. */
export async function writeFixtureRun(runDir: string): Promise<void> {
  for (const folder of ["sft/model", "bench", "data/media"]) await mkdir(join(runDir, folder), { recursive: true });
  await writeFile(join(runDir, "sft/config.yaml"), "stage: sft\nseed: 5\n");
  await writeLines(
    join(runDir, "sft/metrics.jsonl"),
    Array.from({ length: 200 }, (_, i) => ({
      step: i + 1,
      gradNorm: 1,
      learningRate: 1e-3,
      tokens: 700,
      tokensPerSecond: 800,
      ...(i !== 149 && { loss: 3 * Math.exp(-i / 50) + 0.1 + 0.05 * randomStream(1, "loss", i).next() }), // all records failed
      ...((i + 1) % 50 === 0 && { "validation/loss": 3 * Math.exp(-i / 50) + 0.2 }),
      trained: 32 * (i + 1),
      skipped: 0,
      failed: 0,
      secondsElapsed: 1.7 * (i + 1),
    })),
  );
  await writeFile(join(runDir, "sft/ledger.jsonl"), "");
  const weights = { dtype: "F32", shape: [3, 4], data: new Float32Array(12) } as const;
  await writeSafetensors(join(runDir, "sft/model/model.safetensors"), [
    { name: "a", ...weights },
    { name: "b", ...weights },
  ]);
  await writeBench(runDir, "sft", 0.35, 0.1);
  for (const [i, name] of armNames.entries()) {
    await writeArm(runDir, name);
    await writeBench(runDir, name, 0.7 + 0.1 * i, 0.4);
  }
}

async function writeArm(runDir: string, arm: ArmName): Promise<void> {
  const folder = join(runDir, "rl", arm);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.yaml"), stringify({ seed: 5, mediaRoot: join(runDir, "data"), arm }));
  await writeLines(join(folder, "ledger.jsonl"), [
    { step: 7, problemId: 9, outcome: "failed", code: "MEDIA_MISSING", reason: `no media/<i>${arm}</i>.mp4` },
  ]);
  const scoring = scoringOf(arm);
  const groups = await writeRollouts(runDir, arm, scoring);
  await writeLines(join(folder, "metrics.jsonl"), metricsOf(groups));
}

interface Answers {
  dataType: "image" | "video";
  ordered: readonly Scored[];
  shuffled: readonly Scored[];
}
type Scored = Record<"tokens" | "accuracy" | "format", number> & { contrast?: number };

function tgrpoGroup({ dataType, ordered, shuffled }: Answers): RolloutGroup {
  const rollouts = (answers: readonly Scored[]) =>
    answers.map(({ tokens, ...scores }) => ({ completionIds: new Int32Array(tokens), ...scores }));
  return dataType === "video"
    ? { kind: "video", ordered: rollouts(ordered), shuffled: rollouts(shuffled) }
    : { kind: "image", ordered: rollouts(ordered) };
}

type Group = Awaited<ReturnType<typeof writeRollouts>>[number];

async function writeRollouts(runDir: string, arm: string, scoring: ScoreOptions) {
  const groups = [];
  for (let id = 0; id < rlSteps * groupsPerStep; id++) {
    const progress = id / (rlSteps * groupsPerStep);
    groups.push(await writeGroup(runDir, scoring, { id, task: fixtureTasks[id % fixtureTasks.length]!, progress }));
  }
  await writeLines(join(runDir, "rl", arm, "rollouts.jsonl"), groups);
  return groups;
}

/** The question of a group, and the progress of the training, in [0, 1). */
interface Plan {
  id: number;
  task: FixtureTask;
  progress: number;
}

async function writeGroup(runDir: string, scoring: ScoreOptions, { id, task, progress }: Plan) {
  const step = 1 + Math.floor(id / groupsPerStep);
  const rng = randomStream(0, "fixture", id);
  const temporal = scoring.temporal.kind;
  const isVideo = task.dataType === "video";
  const path = `./media/${id}.${isVideo ? "mp4" : "png"}`;
  if (!existsSync(join(runDir, "data", path)))
    await writeMedia(join(runDir, "data", path), task, drawFrames(task, rng));
  const answer = (right: number, i: number) => {
    const leans = task.hasBorder && rng.next() < 0.7 - 0.65 * progress;
    const accuracy = Number(rng.next() < right);
    const text = `<think> ${leans ? "hmm the border is red" : "let me watch the frames"} </think> <answer> ${accuracy ? task.answer : "?"} </answer>`;
    return {
      text: id === 0 && i === 0 ? hostileText : text,
      tokens: text.split(" ").length,
      accuracy,
      ...(isVideo && accuracy === 1 && temporal === "contrast" && { contrast: leans ? 0.1 : 6 * rng.next() }),
      format: Number(rng.next() < 0.97),
    };
  };
  const sample = (count: number, right: number) => Array.from({ length: count }, (_, i) => answer(right, i));
  const ordered = sample(8, id % 5 === 4 ? Math.round(progress) : 0.45 + 0.45 * progress);
  const shuffled = isVideo && temporal === "tgrpo" ? sample(4, task.temporal ? 0.35 : 0.6) : [];
  const score = scoreGroup(tgrpoGroup({ dataType: task.dataType, ordered, shuffled }), scoring);
  const { p, pShuffled, fired, bonus } = score.temporal;
  return {
    step,
    problemId: id,
    dataSource: `fixture/${task.name}`,
    problemType: task.problemType,
    path,
    dataType: task.dataType,
    problem: task.problem,
    options: task.problemType === "multiple choice" ? ["A. red", "B. green", "C. blue"] : [],
    p,
    pShuffled,
    solution: `<answer>${task.answer}</answer>`,
    frameIndices: isVideo ? frameIndices : [0],
    permutation: isVideo && temporal !== "none" ? rng.permutation(frameIndices.length) : null,
    temporalReward: fired === null ? null : Number(fired),
    ordered: ordered.map((row, i) => ({
      ...row,
      temporalBonus: bonus[i]!,
      lengthBonus: score.lengthBonus[i]!,
      reward: score.rewards[i]!,
      advantage: score.advantages[i]!,
    })),
    shuffled,
  };
}

async function writeMedia(file: string, { dataType }: FixtureTask, rgb: Uint8Array): Promise<void> {
  const shape = { width: size, height: size };
  if (dataType === "video") await encodeVideo(file, rgb, { fps, ...shape });
  else
    await sharp(rgb, { raw: { ...shape, channels: 3 } })
      .png()
      .toFile(file);
}

/** A logged group for metrics, which count the tokens only: the ids are blank. */
function weighedGroup({ problemId, dataType, ordered, p, pShuffled, temporalReward }: Group): WeighedGroup {
  const rollouts = ordered.map((row, k) => ({
    ...row,
    id: `${problemId}/ordered/${k}`,
    policyVersion: 0,
    completionIds: new Int32Array(row.tokens),
    contrast: row.contrast ?? undefined,
  }));
  const fired = temporalReward === null ? null : temporalReward === 1;
  return {
    promptId: String(problemId),
    kind: dataType,
    ordered: rollouts,
    correct: rollouts.map(({ accuracy }) => accuracy >= 0.5),
    shuffled: [],
    failed: [],
    p,
    pShuffled,
    fired,
  } as unknown as WeighedGroup;
}

function metricsOf(groups: readonly Group[]): object[] {
  return Array.from({ length: rlSteps }, (_, i) => {
    const ofStep = groups.filter(({ step }) => step === i + 1);
    const metrics = groupMetrics(ofStep.map(weighedGroup));
    return {
      step: i + 1,
      loss: 0,
      gradNorm: 1,
      ...metrics,
      trained: 4 * (i + 1),
      skipped: 0,
      failed: i < 6 ? 0 : 1,
      ...((i + 1) % 20 === 0 && { "validation/accuracy": 0.5 + i / 200 }),
      kl: (0.09 * i) / rlSteps,
      secondsElapsed: 1.1 * (i + 1),
    };
  });
}

/** 120 questions; the arms were not asked question 7, and failed on question 8. */
async function writeBench(runDir: string, name: string, right: number, gap: number): Promise<void> {
  const rows = Array.from({ length: 120 }, (_, i) => {
    const task = fixtureTasks[i % fixtureTasks.length]!;
    const rng = randomStream(2, name, i);
    const failed = name !== "sft" && i === 8;
    return {
      problemId: 2_000_000 + i,
      dataSource: `fixture/${task.name}`,
      problemType: task.problemType,
      dataType: "video",
      problem: "?",
      options: [],
      path: `./media/${i}.mp4`,
      task: task.name,
      solution: "<answer>x</answer>",
      prediction: failed ? "" : "x",
      correct: false,
      ...(failed ? { status: "failed", reason: "no media" } : { status: "answered", output: "<answer>x</answer>" }),
      score: failed ? 0 : Number(rng.next() < right),
      ...(task.temporal ? { shuffledScore: Number(rng.next() < right - gap) } : {}),
    };
  });
  const asked = rows.filter((_, i) => name === "sft" || i !== 7);
  await writeLines(join(runDir, "bench", `${name}.predictions.jsonl`), asked);
  const ordered = { overall: { name: "all", n: 120, failed: 1 }, types: [], tasks: [], taskMean: right, score: right };
  const summary = { name, model: "m", grading: "training", nframes: 8, ordered, shuffled: null };
  await writeFile(join(runDir, "bench", `${name}.json`), JSON.stringify(summary));
}

const writeLines = (file: string, values: readonly object[]): Promise<void> =>
  writeFile(file, values.map((value) => `${JSON.stringify(value)}\n`).join(""));

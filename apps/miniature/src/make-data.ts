/**
 * Writes the miniature data set: real video files and images, and records in the layout of Video-R1's own JSON files.
 *
 *   media/{video,image}/…      one file an item
 *   sft-reason.json            chain-of-thought answers that look at the frames
 *   sft-mixed.json             the same items; some annotators look at the border alone, some check again
 *   rl.json                    questions without reasoning
 *   rl-videos.json             the questions of rl.json about a video, by `videor1-data curate`, and its recipe
 *   eval_miniature.json        held back for the benchmark; the border carries no information
 *   validation.json            held back for validation during training, optional; as the benchmark's, with reasoning
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { randomStream } from "@videor1/random";
import sharp from "sharp";
import type { DataConfig as DataOptions } from "./config.ts";
import { curateData } from "./curate-data.ts";
import { clipFps, type Frames, size } from "./tasks/canvas.ts";
import { type Item, type Task, tasks } from "./tasks/index.ts";

/** The settings that determine the data set. */
export type DataConfig = DataOptions & { seed: number };

/** A record in the form of Video-R1's files. */
export interface RawRecord {
  problem_id: number;
  problem: string;
  data_type: "image" | "video";
  problem_type: string;
  options: readonly string[];
  process: string;
  solution: string;
  path: string;
  data_source: string;
}

type Split = "sft" | "rl" | "eval" | "validation";
const splits: readonly Split[] = ["sft", "rl", "eval", "validation"];

/** The task of every item of a split; `weights` is the number of times that a task comes in one round. */
function schedule(weights: Record<string, number>, count: number): Task[] {
  const round = Object.entries(weights).flatMap(([name, weight]) => {
    const task = tasks[name];
    if (!task)
      throw new RangeError(`data.tasks names an unknown task "${name}"; known: ${Object.keys(tasks).join(", ")}`);
    return new Array<Task>(weight).fill(task);
  });
  return Array.from({ length: count }, (_, i) => round[i % round.length]!);
}

async function writeMedia(path: string, item: Item): Promise<void> {
  const { rgb, count } = item.frames satisfies Frames;
  if (item.dataType === "video") await encodeVideo(path, rgb, { fps: clipFps, width: size, height: size });
  else if (count === 1)
    await sharp(rgb, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toFile(path);
  else throw new RangeError(`an image item has ${count} frames`);
}

function record(item: Item, task: Task, id: number, path: string): RawRecord {
  return {
    problem_id: id,
    problem: item.problem,
    data_type: item.dataType,
    problem_type: task.problemType,
    options: item.options,
    process: `<think>${item.thought}</think>`,
    solution: `<answer>${item.answer}</answer>`,
    path,
    data_source: `miniature/${task.name}`,
  };
}

/** The record by a mixed crowd of annotators: some follow the border, some repeat their conclusion. */
function annotate(plain: RawRecord, item: Item, { next }: { next: () => number }, config: DataConfig): RawRecord {
  const [shortcutDraw, reflectionDraw] = [next(), next()];
  if (item.shortcut && shortcutDraw < config.shortcutShare)
    return {
      ...plain,
      process: `<think>${item.shortcut.thought}</think>`,
      solution: `<answer>${item.shortcut.answer}</answer>`,
    };
  if (reflectionDraw < config.reflectionShare)
    return { ...plain, process: `<think>${item.thought} wait let me check again . yes ${item.conclusion}</think>` };
  return plain;
}

export interface MakeDataOptions {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
  print?: (line: string) => void;
}

/** Files that are encoded while the next item is drawn. */
const filesAtOnce = availableParallelism();

/** Writes the media of one split; returns its records by careful annotators and by a mixed crowd. */
async function writeSplit(
  folder: string,
  split: Split,
  config: DataConfig,
  report: () => void,
  signal?: AbortSignal,
): Promise<{ plain: RawRecord[]; mixed: RawRecord[] }> {
  const plain: RawRecord[] = [];
  const mixed: RawRecord[] = [];
  const plan = schedule(config.tasks, config.sizes[split] ?? 0);
  const writing: Promise<void>[] = [];
  try {
    for (const [i, task] of plan.entries()) await write(i, task);
  } finally {
    await Promise.allSettled(writing);
  }
  await Promise.all(writing);
  return { plain, mixed };

  async function write(i: number, task: Task): Promise<void> {
    signal?.throwIfAborted();
    const rng = randomStream(config.seed, "item", split, i);
    const item = task.make(rng, { cue: split === "sft" || split === "rl" ? config.cue[split] : "uniform" });
    const path = `./media/${item.dataType}/${split}-${task.name}-${String(i).padStart(5, "0")}.${item.dataType === "video" ? "mp4" : "png"}`;
    const written = writeMedia(join(folder, path), item).then(report);
    written.catch(() => {}); // thrown when it is waited for
    if (writing.push(written) > filesAtOnce) await writing.shift();
    const id = splits.indexOf(split) * 1_000_000 + i;
    const row = record(item, task, id, path);
    plain.push(row);
    mixed.push(annotate(row, item, randomStream(config.seed, "annotator", split, i), config));
  }
}

const withoutProcess = ({ process: _, ...rest }: RawRecord): Omit<RawRecord, "process"> => rest;

/**
 * Makes the data set in `folder`, which appears whole or not at all but for what `curateData` adds to it. Deterministic in
 * `config.seed`.
 */
export async function makeData(
  folder: string,
  config: DataConfig,
  { signal = new AbortController().signal, onProgress, print = () => {} }: MakeDataOptions = {},
): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  for (const kind of ["video", "image"]) await mkdir(join(partial, "media", kind), { recursive: true });
  const total = splits.reduce((sum, split) => sum + (config.sizes[split] ?? 0), 0);
  let done = 0;
  const report = () => onProgress?.(++done, total);
  const write = (name: string, rows: readonly object[]) =>
    writeFile(join(partial, name), `${JSON.stringify(rows, null, 1)}\n`);

  const sft = await writeSplit(partial, "sft", config, report, signal);
  await write("sft-reason.json", sft.plain);
  await write("sft-mixed.json", sft.mixed);
  const rl = (await writeSplit(partial, "rl", config, report, signal)).plain.map(withoutProcess);
  await write("rl.json", rl);
  await write(
    "eval_miniature.json",
    (await writeSplit(partial, "eval", config, report, signal)).plain.map(withoutProcess),
  );
  if (config.sizes.validation !== undefined)
    await write("validation.json", (await writeSplit(partial, "validation", config, report, signal)).plain);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  await curateData(folder, { signal, print });
}

/** The files of records in a data set's folder. */
export function dataFiles(folder: string): { training: string[]; heldBack: string[] } {
  const present = (...names: string[]) => names.map((name) => join(folder, name)).filter((file) => existsSync(file));
  return {
    training: present("sft-reason.json", "sft-mixed.json", "rl.json"),
    heldBack: present("eval_miniature.json", "validation.json"),
  };
}

/** Every text of a data set that a tokenizer must know: questions, options, thoughts, answers. */
export async function dataTexts(folder: string): Promise<string[]> {
  const { training, heldBack } = dataFiles(folder);
  const records = await Promise.all(
    [...training, ...heldBack].map(
      async (file): Promise<Partial<RawRecord>[]> => JSON.parse(await readFile(file, "utf8")),
    ),
  );
  return records
    .flat()
    .flatMap(({ problem = "", options = [], process = "", solution = "" }) => [
      problem,
      "Options:",
      ...options,
      process,
      solution,
    ]);
}

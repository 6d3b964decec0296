import { parse, relative, resolve } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { type Example, loadClips, type MediaItem, messages } from "@videor1/data";
import { letteredOptions } from "@videor1/eval";
import { randomStream } from "@videor1/random";
import { extractAnswer, extractThinking } from "@videor1/rewards";
import { BenchConfig } from "../config.ts";
import { createEngine } from "../engines/create-engine.ts";
import { arrangeFrames } from "../questions/frame-order.ts";
import type { Question } from "../questions/question.ts";
import type { AskConfig } from "./config.ts";
import { writeContactSheet } from "./contact-sheet.ts";

/** The id that seeds the sampling of the one question. */
const problemId = "ask";

/**
 * Asks the question and prints thinking, answer, and which frames were seen.
 *
 * @throws What keeps the question from being asked: media that cannot be read, a model that cannot be loaded.
 */
export async function askOne(config: AskConfig, { signal, print }: AppOptions): Promise<void> {
  const { model, adapter, server, seed, engine, dtype, generation, media, frames } = config;
  const root = parse(resolve(".")).root;
  const question = questionOf(config, root);
  const bench = BenchConfig.parse({
    model,
    adapter,
    server,
    seed,
    engine,
    dtype,
    generation,
    outputDir: ".",
    name: "ask",
    batchSize: 1,
    data: { records: "-", media: { ...media, mediaRoot: root } },
  });
  const clips = await loadClips(question, { ...media, mediaRoot: root }, { seed, signal }); // before a model is loaded in vain
  if (config.show !== undefined) {
    await writeContactSheet(config.show, arrangeFrames(clips, frames, randomStream(seed, "shuffle", problemId)));
    print(`Frames: ${config.show}`);
  }
  const answerer = createEngine(bench, { signal, print });
  try {
    await answerer.open();
    const [outcome] = await answerer.answer([question], { frames, mediaRoot: root, signal });
    if (outcome instanceof Error) throw outcome;
    const {
      output,
      clips = [],
      completionTokens,
      finishReason,
    } = typeof outcome === "string" ? { output: outcome } : outcome!;
    const thinking = extractThinking(output);
    const answer = extractAnswer(output, { rules: "safe" });
    if (thinking) print(`Thinking: ${thinking.trim()}\n`);
    print(answer ? `Answer: ${answer}` : `Answer, without tags: ${output.trim()}`);
    for (const [i, { indices, timestamps }] of clips.entries()) print(seenLine(question, i, indices, timestamps));
    const tokens = completionTokens === undefined ? "" : `${completionTokens} tokens`;
    const cut = finishReason === "length" ? "cut off at generation.maxCompletionLength" : "";
    if (tokens || cut) print([tokens, cut].filter(Boolean).join(", "));
  } finally {
    await answerer.close();
  }
}

/** The config's question as a record, its media relative to the root of the file system. */
function questionOf(config: AskConfig, root: string): Question {
  const { question: problem, options = [], prompt } = config;
  const items = (kind: MediaItem["kind"], paths: AskConfig["video"]) =>
    [paths ?? []].flat().map((path): MediaItem => ({ kind, path: relative(root, resolve(path)) }));
  const media = [...items("image", config.image), ...items("video", config.video)];
  const example: Example = {
    problemId,
    problem,
    problemType: config.problemType ?? (options.length > 0 ? "multiple choice" : "free-form"),
    dataType: config.video === undefined ? "image" : "video",
    options: letteredOptions(options),
    solution: "<answer></answer>",
    path: String(media[0]?.path ?? ""),
    media,
    dataSource: "ask",
  };
  const template = prompt === "plain" ? "question" : "code";
  return { ...example, turns: messages(example, { stage: "eval", template }) };
}

function seenLine(
  question: Question,
  clip: number,
  indices: readonly number[],
  timestamps?: readonly number[],
): string {
  const item = question.media?.[clip];
  const name = item === undefined ? `clip ${clip}` : parse(String(item.path)).base;
  if (timestamps === undefined) return `Seen: ${name}`;
  const times = timestamps.map((seconds) => seconds.toFixed(1)).join(", ");
  return `Seen: ${indices.length} frames of ${name}, at ${times} s`;
}

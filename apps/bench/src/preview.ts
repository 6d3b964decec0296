import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { loadClips, type Message } from "@videor1/data";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import type { BenchConfig } from "./config.ts";
import { questionSets } from "./questions/question-sets.ts";
import { type Shown, showQuestion } from "./questions/show-question.ts";

/** Prints the first question of each evaluation as the model will get it, and the frames of it. */
export async function previewQuestion(config: BenchConfig, { print, signal }: AppOptions): Promise<void> {
  for (const { name, questions, mediaRoot } of await questionSets(config, print)) {
    const [first] = questions;
    if (first === undefined) continue;
    print(`\n${name}: ${questions.length} questions; the first is ${first.problemId}`);
    try {
      const clips = await loadClips(first, { ...config.data.media, mediaRoot }, { seed: config.seed, signal });
      const shown = showQuestion(first, clips, "ordered", randomStream(config.seed));
      print(`\n${await promptText(shown, config)}\n`);
      for (const { kind, width, height, indices, timestamps } of clips) {
        const times = timestamps ? `, at ${timestamps.map((seconds) => seconds.toFixed(2)).join(", ")} s` : "";
        print(`${kind} of ${width} x ${height} pixels; ${indices.length} frames: ${indices.join(", ")}${times}`);
      }
    } catch (error) {
      print(`It cannot be shown: ${(error as Error).message}`);
    }
  }
}

/** The whole prompt where the model's chat template is at hand, else the turns. */
async function promptText({ turns, answerPrefix = "" }: Shown, { model }: BenchConfig): Promise<string> {
  if (!existsSync(join(model, "tokenizer.json"))) return `${turns.map(turnText).join("\n\n")}${answerPrefix}`;
  const { chatTemplate } = await loadProcessor(model);
  return `${chatTemplate(turns, { addGenerationPrompt: true })}${answerPrefix}`;
}

const turnText = ({ role, content }: Message): string =>
  `[${role}] ${content.map((part) => (part.type === "text" ? part.text : `<${part.type}>`)).join("")}`;

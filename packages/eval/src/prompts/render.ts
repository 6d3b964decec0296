import { messages } from "@videor1/data";
import type { Benchmark } from "../benchmark.ts";
import { type BenchmarkItem, exampleOf } from "../item.ts";
import type { BenchmarkPrompt, PromptContext, PromptName, RenderedPrompt } from "./prompt.ts";

/** The prompt that Video-R1's paper asks all benchmarks with, and its script's decoding. @see tulerfeng/Video-R1@59d65c3 eval_bench.py */
const videoR1: BenchmarkPrompt = {
  render: (item) => ({ messages: messages(exampleOf(item), { stage: "eval" }), media: item.media }),
  generation: { maxNewTokens: 1024, temperature: 0.1, topP: 0.001 },
};

/** The names of a benchmark's prompts, `video-r1` first. */
export const promptsOf = ({ prompts }: Pick<Benchmark, "prompts">): PromptName[] => [
  "video-r1",
  ...(Object.keys(prompts) as PromptName[]),
];

/** A benchmark's prompt by name. @throws {PromptNameError} If it has none of that name. */
export function promptOf(benchmark: Pick<Benchmark, "name" | "prompts">, name: PromptName): BenchmarkPrompt {
  const prompt = name === "video-r1" ? videoR1 : benchmark.prompts[name];
  if (prompt === undefined) throw new PromptNameError(benchmark, name);
  return prompt;
}

/** The item with the media that a prompt shows, which are to be loaded before it is asked. */
export function promptItem(
  benchmark: Pick<Benchmark, "name" | "prompts">,
  name: PromptName,
  item: BenchmarkItem,
): BenchmarkItem {
  const { media } = promptOf(benchmark, name);
  return media === undefined ? item : { ...item, media: media(item) };
}

/** The item as the prompt of that name asks it. */
export const renderPrompt = (
  benchmark: Pick<Benchmark, "name" | "prompts">,
  name: PromptName,
  item: BenchmarkItem,
  context: PromptContext = {},
): RenderedPrompt => promptOf(benchmark, name).render(promptItem(benchmark, name, item), context);

/** A benchmark has no prompt of the name. */
export class PromptNameError extends Error {
  override readonly name = "PromptNameError";
  readonly code = "PROMPT_UNKNOWN";
  readonly prompt: string;
  readonly hint: string;

  constructor(benchmark: Pick<Benchmark, "name" | "prompts">, prompt: string) {
    super(`${benchmark.name} has no prompt ${prompt}`);
    this.prompt = prompt;
    this.hint = `Its prompts are ${promptsOf(benchmark).join(", ")}.`;
  }
}

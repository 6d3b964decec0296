// node --conditions=@videor1/source --import tsx scripts/interop/check-vllm.ts PYTHON FOLDER
// Starts the vLLM that PYTHON can import on a small model of our own, in FOLDER, and compares: the recorded requests; greedy
// answers to questions about real video files, with those of the model in this process; the same with a LoRA adapter that
// `npm run sft` trained; VSI-Bench's recorded questions by `npm run bench`, of the server and in a process; records annotated by
// `videor1-data annotate`. Exit code 1 if anything is off.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { clipLoader, DataOptions, messages, readExamples } from "@videor1/data";
import { initEngine } from "@videor1/engine";
import { DataConfig, makeData } from "@videor1/miniature";
import { loadAdapter, loadModel, type Qwen25VL, withAdapter } from "@videor1/model-qwen25vl";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { chatRequest, checkServer, createServedModel, type ServedAnswer } from "@videor1/served-model";
import { clipsOf, recorded, withoutMedia } from "../../packages/served-model/test/recorded.ts";
import { checkAnnotate } from "./vllm-annotate.ts";
import { compareBenchmark, writeVsiBench } from "./vllm-benchmark.ts";
import { makeVllmModel } from "./vllm-model.ts";
import { startVllm } from "./vllm-server.ts";

/** Nats; what float32 on two engines may differ by on this model. */
const tolerance = 2e-4;
const maxCompletionLength = 32;
const root = join(import.meta.dirname, "../..");
const [python, folder] = [process.argv[2]!, resolve(process.argv[3]!)];
const [model, data, sft] = ["model", "data", "sft"].map((name) => join(folder, name)) as [string, string, string];

let failed = 0;
function report(holds: boolean, line: string): void {
  if (!holds) failed += 1;
  console.log(`${line}${holds ? "" : " OFF"}`);
}
const largest = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) if (!(value <= most)) most = value;
  return most;
};
const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? largest(Array.from(a, (x, i) => Math.abs(x - b[i]!))) : Number.POSITIVE_INFINITY;
const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => gap(a, b) === 0;

await initEngine({ backend: "wasm" });
await makeVllmModel(model);
await makeData(data, { ...DataConfig.parse({ sizes: { sft: 64, rl: 1, eval: 40 } }), seed: 0 });
trainAdapter();
const processor = await loadProcessor(model);
const { media, prompt } = DataOptions.parse({
  records: join(data, "eval_miniature.json"),
  media: { mediaRoot: data, nframes: 8, videoMinPixels: 3136 },
  prompt: { template: "question", system: null },
});
const load = clipLoader(media, { seed: 0, check() {} });
const questions = await Promise.all(
  (await readExamples(join(data, "eval_miniature.json"))).map(async (example) => ({
    turns: messages(example, { stage: "eval", ...prompt }),
    clips: await load(example),
  })),
);
const began = Date.now();
const { url, stop } = await startVllm(python, model, join(folder, "vllm.log"));
console.log(`vLLM answers after ${Math.round((Date.now() - began) / 1000)} s`);
const servers = [url];
const served = createServedModel({ urls: servers, model: "tiny" });

for (const stream of [false, true]) {
  for (const name of [
    "chat-video",
    "chat-video-permuted",
    "chat-image",
    "chat-video-image",
    "chat-two-videos",
    "chat-36-frames",
    "chat-text",
  ]) {
    const { request, response } = recorded(name);
    const { body } = request;
    const sampling = { maxCompletionLength: body.max_completion_tokens as number, doSample: true, logprobs: true };
    const asked = await chatRequest({
      messages: withoutMedia(body.messages),
      clips: await clipsOf(body.messages),
      sampling: { ...sampling, seed: body.seed as number },
    });
    const answer = await createServedModel({ urls: servers, model: "tiny", stream }).complete(asked);
    const [choice] = response.body.choices;
    const expected = choice.logprobs.content.map(({ logprob }: { logprob: number }) => logprob);
    const same =
      equal(answer.promptTokenIds!, response.body.prompt_token_ids) && equal(answer.tokenIds!, choice.token_ids);
    const difference = gap(answer.logprobs!, expected);
    report(
      same && difference <= tolerance,
      `recorded ${name}${stream ? ", streamed" : ""}: log-probabilities ${difference.toExponential(1)}`,
    );
  }
}

const ask = async (named: string): Promise<ServedAnswer[]> =>
  await Promise.all(
    questions.map(({ turns, clips }) =>
      served.complete(async () => {
        const sampling = { maxCompletionLength, logprobs: true };
        return await chatRequest({ model: named, messages: turns, clips, sampling });
      }),
    ),
  );

const [first] = questions as [(typeof questions)[number]];
const { inputIds } = processor.row(first.turns, first.clips, { addGenerationPrompt: true });
const request = await chatRequest({ messages: first.turns, clips: first.clips, sampling: { maxCompletionLength: 1 } });
const facts = await checkServer({ url, model: "tiny", prompt: { request, ids: inputIds } });
report(
  facts.maxModelLen === 2048,
  `checkServer: ${JSON.stringify({ model: facts.model, maxModelLen: facts.maxModelLen })}`,
);

const base = await loadModel(model);
const baseAnswers = await compare("base", base, await ask("tiny"));
const adapterFolder = join(sft, "model");
const loaded = await fetch(`${url}/load_lora_adapter`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ lora_name: "trained", lora_path: adapterFolder }),
});
report(loaded.ok, `load_lora_adapter: ${loaded.status} ${await loaded.text()}`);
const adapted = await compare(
  "adapter",
  withAdapter(base, await loadAdapter(adapterFolder, base.config)),
  await ask("trained"),
);
const moved = adapted.filter(({ tokenIds }, i) => !equal(tokenIds!, baseAnswers[i]!.tokenIds!)).length;
report(moved > questions.length / 2, `adapter: ${moved} of ${questions.length} answers are not the base's`);
await compare("base, beside the adapter", base, await ask("tiny"));
const benchmarkFolder = join(folder, "VSI-Bench");
writeVsiBench(benchmarkFolder, videosOf(data));
benchmark("base", "tiny", [`model=${model}`]);
const scored = benchmark("adapter", "trained", [`model=${model}`, `adapter=${adapterFolder}`]);
report(scored > 0, `VSI-Bench, adapter: ${scored} answers have a form that scores`);
await annotation("trained");

stop();
console.log(failed ? `${failed} are off` : "all hold");
process.exitCode = failed ? 1 : 0;

/** Greedy answers of the model in this process against the server's. */
async function compare(name: string, ours: Qwen25VL, theirs: ServedAnswer[]): Promise<ServedAnswer[]> {
  const inputs = processor(
    questions.map(({ turns }) => turns),
    questions.map(({ clips }) => clips),
    { addGenerationPrompt: true },
  );
  const { sequences, logps } = await ours.generate(inputs, { maxNewTokens: maxCompletionLength, doSample: false });
  const texts = sequences.map((ids) => processor.tokenizer.decode(ids, { skipSpecialTokens: true }));
  const prompts = questions.filter(({ turns, clips }, i) => {
    const row = processor.row(turns, clips, { addGenerationPrompt: true });
    return equal(row.inputIds, theirs[i]!.promptTokenIds!);
  }).length;
  const sameIds = theirs.filter(({ tokenIds }, i) => equal(tokenIds!, sequences[i]!)).length;
  const sameTexts = theirs.filter(({ text }, i) => text.trim() === texts[i]!.trim()).length;
  const differences = theirs.map(({ tokenIds, logprobs }, i) => {
    const common = tokenIds!.findIndex((id, at) => id !== sequences[i]![at]);
    const length = common < 0 ? tokenIds!.length : common;
    return gap(logprobs!.slice(0, length), logps[i]!.slice(0, length));
  });
  const [count, most] = [questions.length, largest(differences)];
  const tokens = theirs.reduce((sum, { tokenIds }) => sum + tokenIds!.length, 0);
  report(
    prompts === count && sameIds === count && sameTexts === count && most <= tolerance,
    `${name}: of ${count} questions, equal prompts ${prompts}, answers ${sameIds}, texts ${sameTexts}; log-probabilities of ${tokens} tokens ${most.toExponential(1)}`,
  );
  return theirs;
}

/** `npm run bench` on VSI-Bench's recorded questions: the server's answers and scores against our own. Returns how many scored. */
function benchmark(name: string, served: string, local: readonly string[]): number {
  const run = { url, data: benchmarkFolder, out: join(folder, "bench", name) };
  const { n, sameTexts, sameFacts, sameReadings, different, scored, scores, means } = compareBenchmark(
    run,
    served,
    local,
  );
  report(
    [sameTexts, sameFacts, sameReadings].every((same) => same === n) &&
      scores[0] === scores[1] &&
      isDeepStrictEqual(...means),
    `VSI-Bench, ${name}: of ${n} answers (${different} different) equal texts ${sameTexts}, ends, tokens and frames ${sameFacts}, readings ${sameReadings}; score ${scores.join(" and ")}; means ${means.map((of) => JSON.stringify(of)).join(" and ")}`,
  );
  return scored;
}

/** `videor1-data annotate`: every record once, tokens as the server counts them, the same after `kill -9`. */
async function annotation(served: string): Promise<void> {
  const checked = await checkAnnotate({ url, model: served, data, out: join(folder, "annotate") });
  const { records, annotated, samples, counted, finishedAtKill, sameBytes, meanReward } = checked;
  report(
    annotated === records && isDeepStrictEqual(counted, checked.served) && sameBytes && finishedAtKill < records,
    `annotate: ${annotated} of ${records} records, ${samples} samples, mean reward ${meanReward.toFixed(2)}; prompt and completion tokens ${counted.join(" and ")}, by the server ${checked.served.join(" and ")}; killed after ${finishedAtKill} records, then the same bytes: ${sameBytes}`,
  );
}

/** The videos of the miniature's evaluation records. */
function videosOf(data: string): string[] {
  const names = readdirSync(data, { recursive: true, encoding: "utf8" }).sort();
  return names.filter((name) => name.endsWith(".mp4")).map((name) => join(data, name));
}

/** A LoRA adapter of the model, as `npm run sft` leaves it. */
function trainAdapter(): void {
  const settings = [
    `model=${model}`,
    `outputDir=${sft}`,
    "lora={ rank: 8, alpha: 16 }",
    `data.phases=[{ records: ${join(data, "sft-reason.json")}, steps: 80 }]`,
    `data.media.mediaRoot=${data}`,
    "batchSize=8",
    "gradientAccumulationSteps=1",
    "engine.workers=1",
    "optimizer.learningRate=3e-3",
    "optimizer.warmupSteps=2",
  ];
  const command = [
    "--conditions=@videor1/source",
    "--import",
    "tsx",
    "apps/sft/src/cli.ts",
    "configs/sft/miniature.yaml",
  ];
  const { status, stderr } = spawnSync(process.execPath, [...command, ...settings], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm run sft ends with exit code ${status}: ${stderr}`);
  const config = JSON.parse(readFileSync(join(sft, "model", "adapter_config.json"), "utf8"));
  console.log(
    `npm run sft left an adapter: rank ${config.r}, alpha ${config.lora_alpha}, ${config.target_modules.length} layers`,
  );
}

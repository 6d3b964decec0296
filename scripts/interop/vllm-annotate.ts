/** `videor1-data annotate` by the command line on a running vLLM: every record once, tokens as the server counts them, resumed. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRecords } from "@videor1/data";
import { checkServer } from "@videor1/served-model";

const root = join(import.meta.dirname, "../..");

export interface CheckedAnnotation {
  /** Records asked, and those annotated in their order. */
  records: number;
  annotated: number;
  samples: number;
  /** Tokens of prompts, each as often as it has samples, and of completions: counted by us, and by the server. */
  counted: readonly [prompt: number, completion: number];
  served: readonly [prompt: number, completion: number];
  /** Records that were finished when the second run was killed; whether its continuation has the bytes of the first. */
  finishedAtKill: number;
  sameBytes: boolean;
  meanReward: number;
}

/** Of each record. */
const samples = 2;

/** Annotates the first records of a file with two samples each, once undisturbed, and once with `kill -9` in between. */
export async function checkAnnotate(
  { url, model, data, out }: { url: string; model: string; data: string; out: string },
  count = 12,
): Promise<CheckedAnnotation> {
  mkdirSync(out, { recursive: true });
  const records: { problem_id: number }[] = [];
  for await (const { record } of readRecords(join(data, "eval_miniature.json")))
    if (records.length < count) records.push(record as { problem_id: number });
  const input = join(out, "records.json");
  writeFileSync(input, JSON.stringify(records));
  const start = (output: string) => {
    const settings = [
      ...[input, `output=${output}`, `mediaRoot=${data}`, `server=${url}`, `model=${model}`],
      ...[
        `n=${samples}`,
        "keep=all",
        "media.nframes=8",
        "media.videoMinPixels=3136",
        "generation.maxCompletionLength=32",
      ],
      ...["prompt.template=question", "prompt.system=null", "server.concurrency=2", "--json"],
    ];
    const command = ["--conditions=@videor1/source", "--import", "tsx", "apps/data-tools/src/cli.ts", "annotate"];
    const child = spawn(process.execPath, [...command, ...settings], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    const ended = new Promise<string>((resolve) => child.on("close", () => resolve(printed)));
    return { child, ended };
  };

  const before = await tokensOf(url);
  await checkServer({ url, model }); // what annotate asks first
  const checked = await tokensOf(url);
  const [whole, killed] = [join(out, "whole.jsonl"), join(out, "killed.jsonl")];
  const result = JSON.parse(await start(whole).ended);
  const after = await tokensOf(url);
  const served = after.map((tokens, i) => tokens - checked[i]! - (checked[i]! - before[i]!)) as [number, number];

  const run = start(killed);
  const finished = () => (existsSync(`${killed}.journal`) ? linesOf(`${killed}.journal`).length - 1 : 0);
  while (run.child.exitCode === null && finished() < count / 3) await sleep(5);
  run.child.kill("SIGKILL");
  await run.ended;
  const finishedAtKill = finished();
  await start(killed).ended;
  const keys = linesOf(`${killed}.journal`)
    .slice(1)
    .map((line) => JSON.parse(line).key);
  if (new Set(keys).size !== keys.length) throw new Error("a record was asked again that was finished");
  const ids = linesOf(whole).map((line) => JSON.parse(line).problem_id);
  const expected = records.flatMap(({ problem_id }) => Array.from({ length: samples }, (_, i) => `${problem_id}/${i}`));
  return {
    records: records.length,
    annotated: JSON.stringify(ids) === JSON.stringify(expected) ? result.annotated : -1,
    samples: result.written,
    counted: [samples * result.usage.promptTokens, result.usage.completionTokens], // a reply's usage has the prompt once
    served,
    finishedAtKill,
    sameBytes: readFileSync(whole).equals(readFileSync(killed)),
    meanReward: result.meanReward,
  };
}

/** Prompt and completion tokens that the server has counted since it started. */
async function tokensOf(url: string): Promise<[number, number]> {
  const metrics = await (await fetch(url.replace(/\/v1$/, "/metrics"))).text();
  const sum = (name: string) =>
    [...metrics.matchAll(new RegExp(`^vllm:${name}_total(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return [sum("prompt_tokens"), sum("generation_tokens")];
}

const linesOf = (path: string): string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "");

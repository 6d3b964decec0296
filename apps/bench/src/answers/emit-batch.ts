import { createWriteStream, existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type AppOptions, progress } from "@videor1/cli";
import { batchLine, ServerOptions } from "@videor1/served-model";
import type { BenchConfig } from "../config.ts";
import { requestOf } from "../engines/request-of.ts";
import type { QuestionSet } from "../questions/question-set.ts";

/**
 * Writes the questions as a batch file, a request a line, for `vllm run-batch` or an OpenAI batch; its output is for
 * `npm run bench -- score`. The file is there once it is whole. A question whose media cannot be read is left out and named.
 */
export async function emitBatch(
  config: BenchConfig,
  { questions, mediaRoot, name, benchmark }: QuestionSet,
  path: string,
  { signal, print }: AppOptions,
): Promise<void> {
  if (existsSync(path) && !statSync(path).isFile()) throw new BatchPathError(path);
  const server = config.server ?? ServerOptions.omit({ urls: true }).parse({});
  const bar = progress({ label: `batch ${name}`, total: questions.length });
  const failures: string[] = [];
  async function* lines() {
    for (const [i, question] of questions.entries()) {
      signal.throwIfAborted();
      try {
        const { request } = await requestOf(question, config, server, { frames: "ordered", mediaRoot, signal });
        yield batchLine(String(question.problemId), { ...request, model: config.model });
      } catch (error) {
        signal.throwIfAborted();
        failures.push(`${question.problemId}: ${(error as Error).message}`);
      }
      bar.update(i + 1, failures.length > 0 ? { failed: failures.length } : {});
    }
  }
  const temporary = `${path}.tmp`;
  try {
    await pipeline(lines, createWriteStream(temporary), { signal });
    await rename(temporary, path);
  } finally {
    bar.stop();
    await rm(temporary, { force: true });
  }
  print(`${questions.length - failures.length} of ${questions.length} questions: ${path}`);
  for (const failure of failures.slice(0, 20)) print(`  left out, ${failure}`);
  if (failures.length > 20) print(`  and ${failures.length - 20} more`);
  print(`vllm run-batch -i ${path} -o outputs.jsonl --model ${config.model}
npm run bench -- score outputs.jsonl benchmark=${benchmark?.name ?? config.benchmark} data=${config.data.folder ?? "FOLDER"}`);
}

/** The batch file's place is taken by a folder or a device, which a rename would replace. */
class BatchPathError extends Error {
  override readonly name = "BatchPathError";
  readonly code = "BATCH_PATH";
  readonly hint = "Name a new file, or an old batch file: --emit-batch=batch.jsonl.";

  constructor(path: string) {
    super(`The batch file ${path} is there and is no file`);
  }
}

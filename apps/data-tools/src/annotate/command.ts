import { existsSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { AppOptions } from "@videor1/cli";
import { openJournal } from "../files/journal.ts";
import { refuseOtherOutput } from "../files/output-there.ts";
import { type Outcome, runVerb, type Verb } from "../verb.ts";
import type { Answers } from "./answers.ts";
import { askServers } from "./ask-servers.ts";
import { AnnotateConfig, annotateArguments, askedSettings } from "./config.ts";
import { emitBatch } from "./emit-batch.ts";
import { readBatch } from "./read-batch.ts";
import { reportText } from "./report-text.ts";
import { writeAnnotated } from "./write-annotated.ts";

const verb: Verb<typeof AnnotateConfig> = {
  name: "annotate",
  description: "Let a served model write chains of thought for records.",
  schema: AnnotateConfig,
  words: ["records…"],
  run,
};

/** `videor1-data annotate <records> output=FILE model=NAME server=URL mediaRoot=FOLDER` */
export const command = async (argv: readonly string[]): Promise<void> => await runVerb(verb, annotateArguments(argv));

async function run(config: AnnotateConfig, options: AppOptions): Promise<Outcome> {
  const { output, overwrite, records } = config;
  const path = `${output}.journal`;
  if (!statSync(config.mediaRoot, { throwIfNoEntry: false })?.isDirectory()) throw new MediaRootError(config.mediaRoot);
  const files = [records].flat();
  refuseOtherOutput(output, files, { overwrite, isOwn: () => existsSync(path) });
  refuseOtherOutput(`${output}.failed.jsonl`, files, { overwrite: true, isOwn: () => true });
  const settings = { ...askedSettings(config), records: files.map((file) => basename(file)) };
  const journal = openJournal<Answers>(path, { settings });
  try {
    if (config.emitBatch !== undefined) {
      const emitted = await emitBatch(config.emitBatch, config, journal, options);
      const { batches, requests, failed } = emitted;
      const lines = [
        `${requests} requests in ${batches.join(", ")}${failed > 0 ? `; ${failed} records failed before they could be asked` : ""}`,
        `vllm run-batch -i ${batches[0]} -o answers.jsonl --model ${config.model} --trust-request-mm-kwargs`,
        batches.length > 1
          ? "and so of the others; then the same command with readBatch=[answers-1.jsonl, …] in place of emitBatch"
          : "then the same command with readBatch=answers.jsonl in place of emitBatch",
      ];
      return { text: lines.join("\n"), result: emitted };
    }
    if (config.readBatch !== undefined) {
      const { taken, foreign } = await readBatch(config.readBatch, config, journal);
      const others = foreign > 0 ? `; ${foreign} answer no question of these records and settings` : "";
      options.print(`${taken} answers taken${others}`);
    }
    if (config.server !== undefined) await askServers(config, config.server, journal, options);
    const result = await writeAnnotated(config, journal, options.signal);
    return { text: reportText(result, path), result: { ...result, journal: path }, isFine: result.annotated > 0 };
  } finally {
    const { size } = journal;
    journal.close();
    if (size === 0) rmSync(path);
  }
}

/** Every record would fail. */
class MediaRootError extends Error {
  override readonly name = "MediaRootError";
  readonly code = "MEDIA_ROOT";
  readonly hint = "Give the folder that the records' paths start from: mediaRoot=FOLDER.";

  constructor(path: string) {
    super(`${path} is no folder`);
  }
}

/** `videor1-data annotate` as a process of its own that is stopped while it works. */
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ServerDoubleOptions, textOf } from "@videor1/served-model/double";
import { linesOf, settings, startDouble } from "./annotate-data.ts";
import { startVerb } from "./start-verb.ts";

/** When a process is stopped, and how. */
export interface Interruption {
  signal: "SIGKILL" | "SIGINT";
  /** Requests that the server has got since the process began, and milliseconds after that. */
  requests: number;
  milliseconds?: number;
}

export interface Interrupted {
  /** Of each process, in their order. */
  exitCodes: (number | null)[];
  output: string;
  /** Records that were asked again although their answer was in the journal. */
  askedAgain: string[];
  /** Records in the journal after each interruption. */
  finished: number[];
  stderr: string;
}

/** Annotates records of `recordOf`; after all interruptions the same command is run to its end. */
export async function interruptedRun(
  { records, output, server }: { records: string; output: string; server: ServerDoubleOptions },
  interruptions: readonly Interruption[],
): Promise<Interrupted> {
  let asked: string[] = [];
  const double = await startDouble({
    ...server,
    onRequest(request) {
      const [, id] = /picture (\w+)/.exec(textOf(request)) ?? []; // a probe of the server has none
      if (id !== undefined) asked.push(id);
    },
  });
  const argv = ["annotate", ...settings(records, output, double), "n=2", "server.concurrency=4", "server.maxTries=8"];
  const result: Interrupted = { exitCodes: [], output: "", askedAgain: [], finished: [], stderr: "" };
  const inJournal = () =>
    existsSync(`${output}.journal`)
      ? readFileSync(`${output}.journal`, "utf8")
          .split("\n")
          .slice(1, -1)
          .map((line): string => JSON.parse(line).key)
      : [];
  for (const interruption of [...interruptions, undefined]) {
    const done = new Set(inJournal());
    asked = [];
    const { child, ended } = startVerb(argv);
    if (interruption !== undefined) {
      while (child.exitCode === null && asked.length < interruption.requests) await sleep(5);
      await sleep(interruption.milliseconds ?? 0);
      child.kill(interruption.signal);
    }
    const { code, stderr } = await ended;
    result.exitCodes.push(code);
    result.stderr += stderr;
    result.askedAgain.push(...asked.filter((id) => done.has(id)));
    if (interruption !== undefined) result.finished.push(inJournal().length);
  }
  const keys = linesOf<{ key?: string }>(`${output}.journal`).flatMap(({ key }) => key ?? []);
  if (new Set(keys).size !== keys.length) throw new Error("a record has two lines in the journal");
  result.output = readFileSync(output, "utf8");
  return result;
}

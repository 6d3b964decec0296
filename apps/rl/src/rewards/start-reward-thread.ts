import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { RewardInput } from "./reward-function.ts";
import { RewardFunctionError } from "./reward-function-error.ts";
import type { RewardFunctionOptions } from "./rewards-config.ts";

/** What a function makes of one answer: its reward, null where it does not apply, or why there is none. */
export type FunctionOutcome = { value: number | null } | { failed: string };

/** What the thread reports once it is ready. */
export interface RewardThreadEvents {
  /** The function begins with this answer. */
  started(id: number): void;
  done(id: number, outcome: FunctionOutcome): void;
  /** The thread ended by itself: an exit, an uncaught error, no memory. Nothing is reported after it. */
  ended(reason: string): void;
}

export interface RewardThread {
  /** Resolves when the module is imported. */
  ready: Promise<void>;
  send(id: number, answer: RewardInput): void;
  /** Ends the thread, in the middle of a loop too; it reports nothing any more. */
  stop(): Promise<void>;
}

type Message =
  | { kind: "ready" }
  | { kind: "unusable"; code: "REWARD_IMPORT_FAILED" | "REWARD_NOT_A_FUNCTION"; problem: string }
  | { kind: "started"; id: number }
  | { kind: "done"; id: number; outcome: FunctionOutcome };

const exportHint =
  "Mend the module: its default export is the function, export default (answer) => number | null; see docs/own-rewards.md.";

/**
 * Starts a thread that imports one reward function.
 *
 * @param importSeconds - Time for the import.
 * @throws {RewardFunctionError} From `ready`, if there is no such file or its default export is no function.
 */
export function startRewardThread(
  { path, timeoutSeconds }: RewardFunctionOptions,
  events: RewardThreadEvents,
  importSeconds = 60,
): RewardThread {
  const file = resolve(path);
  if (!existsSync(file)) {
    const hint = `The path is relative to the working directory: there is no ${file}.`;
    const missing = Promise.reject(new RewardFunctionError("REWARD_NOT_FOUND", path, "does not exist", hint));
    return { ready: missing, send() {}, async stop() {} };
  }
  const workerData = { url: pathToFileURL(file).href, timeoutSeconds };
  const worker = new Worker(new URL("./reward-thread.mjs", import.meta.url), { workerData });
  let isReady = false;
  let isOver = false;
  const stop = async (): Promise<void> => {
    isOver = true;
    await worker.terminate();
  };
  const ready = new Promise<void>((resolve, reject) => {
    const refuse = (code: RewardFunctionError["code"], problem: string) => {
      clearTimeout(timer);
      void stop();
      reject(new RewardFunctionError(code, path, problem, exportHint));
    };
    const timer = setTimeout(
      () => refuse("REWARD_IMPORT_FAILED", `is not imported after ${importSeconds} s`),
      importSeconds * 1000,
    );
    worker.on("message", (message: Message) => {
      if (isOver) return;
      if (message.kind === "started") events.started(message.id);
      else if (message.kind === "done") events.done(message.id, message.outcome);
      else if (message.kind === "unusable") refuse(message.code, message.problem);
      else {
        clearTimeout(timer);
        isReady = true;
        resolve();
      }
    });
    let reason: string | undefined;
    worker.on("error", (error) => {
      reason = `its thread ended with ${error.name}: ${error.message}`;
    });
    worker.on("exit", (code) => {
      reason ??= `its thread ended with exit code ${code}`;
      if (!isReady) refuse("REWARD_IMPORT_FAILED", `cannot be imported: ${reason}`);
      else if (!isOver) events.ended(reason);
    });
  });
  return { ready, send: (id, answer) => worker.postMessage({ id, answer }), stop };
}

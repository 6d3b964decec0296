import type { RewardInput } from "./reward-function.ts";
import { RewardFunctionError } from "./reward-function-error.ts";
import type { RewardFunctionOptions } from "./rewards-config.ts";
import { type FunctionOutcome, type RewardThread, startRewardThread } from "./start-reward-thread.ts";

/** Answers that an asynchronous function has in work at once. */
const concurrency = 16;
/** The thread ends a slow answer itself; one that has not after this long is in a loop. */
const graceSeconds = 1;
/** Times that the thread may die without an answer in between; the last ends the run. */
const maxDeaths = 3;

export interface OpenRewardFunction {
  /** @throws {RewardFunctionError} If the function's thread dies again and again, or is closed. */
  score(answer: RewardInput): Promise<FunctionOutcome>;
  close(): Promise<void>;
}

interface Call {
  id: number;
  answer: RewardInput;
  /** The function was in this answer, with others, when the thread ended: the next try is by itself and shows which it was. */
  isSuspect: boolean;
  isStarted: boolean;
  guard?: NodeJS.Timeout;
  resolve(outcome: FunctionOutcome): void;
  reject(error: Error): void;
}

/**
 * Opens one reward function in a thread of its own. Where an answer makes the thread loop or die, that answer fails, the
 * thread is started anew and goes on with the others.
 *
 * @throws {RewardFunctionError} If the module's default export is no function.
 */
export async function openRewardFunction(options: RewardFunctionOptions): Promise<OpenRewardFunction> {
  const { path, name, timeoutSeconds } = options;
  let waiting: Call[] = [];
  let sent: Call[] = [];
  let calls = 0;
  let deaths = 0;
  let isReady = false;
  let broken: RewardFunctionError | undefined;
  let thread: RewardThread = start();
  await thread.ready;
  isReady = true;

  function start(): RewardThread {
    return startRewardThread(options, {
      started(id) {
        const call = sent.find((call) => call.id === id)!;
        call.isStarted = true;
        const stopLoop = () => {
          if (!sent.includes(call)) return;
          void thread.stop();
          restart(`timed out after ${timeoutSeconds} s`);
        };
        // Messages that wait are read before setImmediate: maybe it was this side that was busy.
        const overdue = () => setImmediate(stopLoop);
        call.guard = setTimeout(overdue, (timeoutSeconds + graceSeconds) * 1000);
      },
      done(id, outcome) {
        const call = sent.find((call) => call.id === id)!;
        deaths = 0;
        settle(call, outcome);
        sendMore();
      },
      ended(reason) {
        // One among several answers tells nothing yet: each is tried by itself first.
        if (sent.filter(({ isStarted }) => isStarted).length <= 1) deaths++;
        const hint = "The module ends its thread: look for process.exit, an error outside of the function, or memory.";
        const problem = `cannot go on: ${reason}, ${deaths} times without an answer in between`;
        if (deaths === maxDeaths) giveUp(new RewardFunctionError("REWARD_DIED", path, problem, hint));
        else restart(reason);
      },
    });
  }

  function settle(call: Call, outcome: FunctionOutcome): void {
    clearTimeout(call.guard);
    sent = sent.filter((other) => other !== call);
    call.resolve(outcome);
  }

  function sendMore(): void {
    while (isReady && waiting.length > 0) {
      const limit = waiting[0]!.isSuspect ? 1 : concurrency;
      if (sent.length >= limit || sent.some(({ isSuspect }) => isSuspect)) return;
      const call = waiting.shift()!;
      sent.push(call);
      thread.send(call.id, call.answer);
    }
  }

  /** Fails the one answer that ended the thread, or suspects all that were started, and sends the rest to a new thread. */
  function restart(reason: string): void {
    const started = sent.filter(({ isStarted }) => isStarted);
    if (started.length === 1) settle(started[0]!, { failed: reason });
    for (const call of sent) {
      clearTimeout(call.guard);
      call.isSuspect ||= call.isStarted;
      call.isStarted = false;
    }
    waiting = [...sent, ...waiting];
    sent = [];
    isReady = false;
    thread = start();
    thread.ready.then(() => {
      isReady = true;
      sendMore();
    }, giveUp);
  }

  function giveUp(error: RewardFunctionError): void {
    broken ??= error;
    for (const call of [...sent, ...waiting]) {
      clearTimeout(call.guard);
      call.reject(broken);
    }
    sent = [];
    waiting = [];
  }

  return {
    score: (answer) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        waiting.push({ id: calls++, answer, isSuspect: false, isStarted: false, resolve, reject });
        sendMore();
      }),
    async close() {
      giveUp(new RewardFunctionError("REWARD_CLOSED", path, `(${name}) is closed`, "Await score before close."));
      await thread.stop();
    },
  };
}

import { readFileSync } from "node:fs";
import { constants } from "node:os";

/** Ctrl-C, a request to end, and a terminal that is gone. */
export type StoppingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** A source of signals, such as `process`. */
export interface SignalSource {
  on(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  off(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  exit(code: number): void;
}

export interface StopSignal {
  /** Aborted by the first signal, with an AbortError. */
  readonly signal: AbortSignal;
  /** 128 + the signal's number, as shells count: 130 after Ctrl-C. Undefined before any signal. */
  readonly exitCode: number | undefined;
  dispose(): void;
}

/** One press of Ctrl-C arrives twice under npm: from the terminal, and passed on by npm. */
const samePressMs = 500;

/**
 * The signals that stop a run: not SIGHUP where the process was begun by `nohup`, or may have been, because the system does not
 * tell.
 *
 * @param status - Linux's `/proc/self/status`, or undefined.
 */
export function stoppingSignals(status = processStatus()): StoppingSignal[] {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status ?? "")?.[1];
  const isHangUpOurs = ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 0n;
  return ["SIGINT", "SIGTERM", ...(isHangUpOurs ? (["SIGHUP"] as const) : [])];
}

function processStatus(): string | undefined {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Ctrl-C, SIGTERM and SIGHUP as an AbortSignal: the first asks the run to stop, a second one exits at once.
 *
 * @param onStop - Called at the first signal.
 * @param now - Milliseconds.
 */
export function stopSignal(
  source: SignalSource,
  onStop: () => void,
  now: () => number,
  signals = stoppingSignals(),
): StopSignal {
  const abort = new AbortController();
  let first = 0;
  let exitCode: number | undefined;
  const listener = (signal: StoppingSignal) => {
    if (exitCode !== undefined) {
      if (now() - first >= samePressMs) source.exit(exitCode);
      return;
    }
    first = now();
    exitCode = 128 + constants.signals[signal];
    onStop();
    abort.abort(new DOMException("Stopped by the user.", "AbortError"));
  };
  for (const signal of signals) source.on(signal, listener);
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode;
    },
    dispose() {
      for (const signal of signals) source.off(signal, listener);
    },
  };
}

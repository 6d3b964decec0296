import { constants } from "node:os";

/** A source of signals, such as `process`. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: (signal: "SIGINT" | "SIGTERM") => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: (signal: "SIGINT" | "SIGTERM") => void): unknown;
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
 * Ctrl-C and SIGTERM as an AbortSignal: the first asks the run to stop, a second one exits at once.
 *
 * @param onStop - Called at the first signal.
 * @param now - Milliseconds.
 */
export function stopSignal(source: SignalSource, onStop: () => void, now: () => number): StopSignal {
  const abort = new AbortController();
  let first = 0;
  let exitCode: number | undefined;
  const listener = (signal: "SIGINT" | "SIGTERM") => {
    if (exitCode !== undefined) {
      if (now() - first >= samePressMs) source.exit(exitCode);
      return;
    }
    first = now();
    exitCode = 128 + constants.signals[signal];
    onStop();
    abort.abort(new DOMException("Stopped by the user.", "AbortError"));
  };
  source.on("SIGINT", listener);
  source.on("SIGTERM", listener);
  return {
    signal: abort.signal,
    get exitCode() {
      return exitCode;
    },
    dispose() {
      source.off("SIGINT", listener);
      source.off("SIGTERM", listener);
    },
  };
}

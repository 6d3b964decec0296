import type { ServedModelError } from "./served-model-error.ts";

export interface RetryRule {
  /** Tries that may end with an error of this code, before the request is given up. */
  maxTries: number;
  /** The server is asked for its health before it is asked anything else. */
  isServerInDoubt: boolean;
}

/** Tries of a failure that may be the request's own fault, though the server says 500: an unreachable media URL, for instance. */
const fewTries = 3;

/** What a failed try is worth: refused requests none, 500 and time-outs a few, what passes with time all `maxTries`. */
export function retryRule({ code, status }: ServedModelError, maxTries: number): RetryRule {
  switch (code) {
    case "RATE_LIMITED":
    case "REPLY_BROKEN":
      return { maxTries, isServerInDoubt: false };
    case "UNREACHABLE":
      return { maxTries, isServerInDoubt: true };
    case "SERVER_FAILED": {
      const passes = status === 502 || status === 503 || status === 504;
      return { maxTries: passes ? maxTries : Math.min(fewTries, maxTries), isServerInDoubt: true };
    }
    case "TIMED_OUT":
      return { maxTries: Math.min(fewTries, maxTries), isServerInDoubt: true };
    default:
      return { maxTries: 1, isServerInDoubt: false };
  }
}

/** Seconds before the next try: half a second, doubled with each failure up to 30, of which chance takes up to half. */
export function backoffSeconds(failures: number, random: () => number): number {
  return Math.min(30, 0.5 * 2 ** (failures - 1)) * (1 - random() / 2);
}

import { ServedModelError, type ServedModelErrorCode } from "@videor1/served-model";

const codes: readonly ServedModelErrorCode[] = [
  "UNREACHABLE",
  "TIMED_OUT",
  "SERVER_FAILED",
  "RATE_LIMITED",
  "REPLY_BROKEN",
];

/** Whether another try, or another server, can mend it. */
export const isPassing = (error: unknown): error is ServedModelError =>
  error instanceof ServedModelError && codes.includes(error.code);

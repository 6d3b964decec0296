import { ImageSizeError, MediaCountError, SpecialTokenError } from "@videor1/processor-qwen25vl";
import { ServedModelError, type ServedModelErrorCode } from "@videor1/served-model";

/** After these no job is answered: the servers are away, or set up wrongly. */
const fatalCodes: readonly ServedModelErrorCode[] = ["OPTIONS", "SERVERS_DOWN", "SERVER_SETUP"];
const fatalStatuses: readonly (number | undefined)[] = [401, 403, 404];

/**
 * Why a job has no answers, for the ledger.
 *
 * @throws The first error that would meet every other job too.
 */
export function unansweredReason(failures: readonly Error[]): string {
  const fatal = failures.find((error) => !isOfOneJob(error));
  if (fatal) throw fatal;
  return failures[0]!.message;
}

function isOfOneJob(error: Error): boolean {
  if (error instanceof ServedModelError)
    return !(
      fatalCodes.includes(error.code) ||
      (error.code === "REQUEST_REFUSED" && fatalStatuses.includes(error.status))
    );
  return [ImageSizeError, MediaCountError, SpecialTokenError].some((kind) => error instanceof kind);
}

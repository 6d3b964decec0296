import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { RecordError } from "@videor1/data";

/** Why a record is not fit to train on. */
export interface Failure {
  code: string;
  message: string;
  hint?: string;
}

/** An error as a ledger keeps it: paths are relative to the media root, and places in a file of records are left out. */
export function failureOf(error: unknown, root: string): Failure {
  if (error instanceof RecordError) return { code: error.code, message: error.issues.join("; "), hint: error.hint };
  const { code, message, hint } = error as { code?: string; message: string; hint?: string };
  const relative = (text: string) =>
    [resolve(root), realRoot(root)].reduce(
      (rest, folder) => rest.replaceAll(folder + sep, "").replaceAll(folder, "mediaRoot"),
      text,
    );
  return {
    code: code ?? "DECODE_FAILED",
    message: relative(message),
    ...(hint === undefined ? {} : { hint: relative(hint) }),
  };
}

function realRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return resolve(root);
  }
}

/** Errors of this machine, not of a record: they end the work. */
export const isOfMachine = (error: unknown): boolean => (error as { code?: string }).code === "VIDEO_BACKEND_MISSING";

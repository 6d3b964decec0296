import { isDeepStrictEqual } from "node:util";
import type { LedgerLine } from "./ledger.ts";

/** How a record's line differs from the one that was expected; undefined if training sees the same of it. */
export type Difference =
  | "fails now"
  | "decodes now"
  | "fails otherwise"
  | "other frames"
  | "other sizes"
  | "other times"
  | "other pixels";

/** The first difference that explains the rest: other frames have other pixels too. Sentences of failures may differ. */
export function differenceOf(now: LedgerLine, expected: LedgerLine): Difference | undefined {
  if (now.failed && expected.failed) return now.failed.code === expected.failed.code ? undefined : "fails otherwise";
  if (now.failed) return "fails now";
  if (expected.failed) return "decodes now";
  const differs = (...keys: (keyof NonNullable<LedgerLine["media"]>[number])[]) => {
    const facts = ({ media = [] }: LedgerLine) => media.map((clip) => keys.map((key) => clip[key]));
    return !isDeepStrictEqual(facts(now), facts(expected));
  };
  if (differs("frames", "indices")) return "other frames";
  if (differs("height", "width")) return "other sizes";
  if (differs("sha256")) return "other pixels";
  return differs("timestamps") ? "other times" : undefined;
}

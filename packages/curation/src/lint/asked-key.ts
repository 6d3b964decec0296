import type { LintRecord } from "./lint-record.ts";
import { plainText } from "./text-key.ts";

/** A question with its options, whatever their order. */
export const askedKey = ({ problem, choices }: Pick<LintRecord, "problem" | "choices">): string =>
  [plainText(problem), ...choices.map(({ plain }) => plain).sort()].join("\n");

import { parseRecord, RecordError } from "@videor1/data";
import { randomStream } from "@videor1/random";
import type { Rules } from "@videor1/rewards";
import type { Check, Finding } from "../src/lint/check.ts";
import { checks as allChecks } from "../src/lint/checks.ts";
import { type LintRecord, lintRecord } from "../src/lint/lint-record.ts";
import { createLinter } from "../src/lint/linter.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A sound multiple choice record with some fields changed. */
export const choice = (changes: Fields = {}): Fields => ({
  problem_id: 1,
  problem: "Which color comes first?",
  data_type: "video",
  problem_type: "multiple choice",
  options: ["A. red", "B. green", "C. blue"],
  solution: "<answer>B</answer>",
  path: "./clips/1.mp4",
  data_source: "made",
  ...changes,
});

/** A sound record of another type. */
export const open = (problem_type: string, gold: string, changes: Fields = {}): Fields =>
  choice({ problem: "What is it?", problem_type, options: [], solution: `<answer>${gold}</answer>`, ...changes });

/** A record as lint reads it, at a place of a file. */
export function read(fields: unknown, index = 0, rules: Rules = "video-r1"): LintRecord {
  const place = { file: "made.json", index };
  try {
    return lintRecord({ fields, place, example: parseRecord(fields, place, rules) }, rules);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return lintRecord({ fields, place, issues: error.issues }, rules);
  }
}

/** What checks find in records; default: all checks. */
export function findingsOf(
  records: readonly unknown[],
  { checks = allChecks, rules = "video-r1" }: { checks?: readonly Check[]; rules?: Rules } = {},
): Finding[] {
  const linter = createLinter(checks, { rules, longText: 8000, seed: 42, most: 1000 });
  for (const [i, fields] of records.entries()) linter.add(read(fields, i, rules));
  return linter.finish();
}

const words = "person child dog table moves opens holds before after left right red blue door cup".split(" ");
const letters = ["A", "B", "C", "D"];

/** Sound records: no two alike, golds and texts independent of each other. */
export function soundRecords(count: number, seed: number): Fields[] {
  const rng = randomStream(seed, "sound records");
  const text = (length: number) => Array.from({ length }, () => rng.choice(words)).join(" ");
  const types = ["multiple choice", "numerical", "OCR", "free-form", "regression"] as const;
  const answers: Readonly<Record<string, () => string>> = {
    numerical: () => String(rng.int(1000)),
    OCR: () => `${text(2)} ${rng.int(1000)}`,
    "free-form": () => `${text(6)} ${rng.int(1000)}`,
    regression: () => (10 ** (4 * rng.next() - 2)).toFixed(2).replace(/^0\.00$/, "0.01"),
  };
  return Array.from({ length: count }, (_, i) => {
    const type = rng.choice(types);
    const isChoice = type === "multiple choice";
    return {
      problem_id: i,
      problem: `What does number ${i} ${text(5)}?`,
      data_type: "video",
      problem_type: type,
      options: isChoice
        ? rng
            .permutation(words.length)
            .slice(0, 4)
            .map((at, k) => `${letters[k]}. ${words[at]} it`)
        : [],
      solution: `<answer>${isChoice ? rng.choice(letters) : answers[type]!()}</answer>`,
      path: `./clips/${i}.mp4`,
      data_source: "made",
    };
  });
}

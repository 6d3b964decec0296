import { type ProblemType, problemTypes } from "@videor1/rewards";

/** Other spellings of the problem types, in lower case, with spaces for hyphens and underscores. */
const spellings: Readonly<Record<string, ProblemType>> = {
  ...Object.fromEntries(problemTypes.map((type) => [plain(type), type])),
  mc: "multiple choice",
  mcq: "multiple choice",
  mcqa: "multiple choice",
  "multi choice": "multiple choice",
  "single choice": "multiple choice",
  choice: "multiple choice",
  number: "numerical",
  numeric: "numerical",
  integer: "numerical",
  float: "numerical",
  open: "free-form",
  "open ended": "free-form",
  "open end": "free-form",
  oe: "free-form",
  "free form": "free-form",
  freeform: "free-form",
};

function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[-_\s]+/g, " ");
}

/** The type that a text names; undefined if it names none, as a task of a benchmark. */
export function problemTypeOf(value: unknown): ProblemType | undefined {
  const name = typeof value === "string" ? plain(value) : "";
  return Object.hasOwn(spellings, name) ? spellings[name] : undefined;
}

/** Options make a multiple choice, an answer of digits alone a number; all else is free-form. */
export function inferProblemType(answer: string, options: readonly string[]): ProblemType {
  if (options.length > 0) return "multiple choice";
  return /^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(answer.trim()) ? "numerical" : "free-form";
}

import { problemTypes } from "@videor1/rewards";
import { type Check, recordCheck } from "../check.ts";
import { typeNames } from "../lint-record.ts";
import { typeMeant } from "../type-meant.ts";

/** "free form" for "free-form": training's rule is chosen by the exact spelling. */
export const typeSpelling: Check = recordCheck(
  {
    code: "TYPE_SPELLING",
    level: "error",
    about: "spell their problem_type otherwise, so that no rule scores them",
    remedy: `Write one of ${typeNames}.`,
    fixes: "the spelling; letters alone decide which type is meant",
    fix: ({ fields, type }) =>
      type !== undefined && fields.problem_type !== type ? { problem_type: type } : undefined,
  },
  ({ fields, type }) =>
    type !== undefined && fields.problem_type !== type
      ? `${JSON.stringify(fields.problem_type)} for "${type}"`
      : undefined,
);

/** A type that is none of the five. */
export const typeUnknown: Check = recordCheck(
  {
    code: "TYPE_UNKNOWN",
    level: "error",
    about: "have a problem_type that no rule scores",
    remedy: `Write one of ${typeNames}, or leave the records out.`,
  },
  ({ fields: { problem_type: type } }) =>
    typeof type === "string" && typeMeant(type) === undefined ? JSON.stringify(type.slice(0, 60)) : undefined,
);

/** `options: null`, which other readers than ours stumble over. */
export const optionsNull: Check = recordCheck(
  {
    code: "OPTIONS_NULL",
    level: "info",
    about: "have null in place of a list of options",
    remedy: "Write [].",
    fixes: "null to []; both mean that there is none",
    fix: ({ fields, type }) => (fields.options === null && type !== "multiple choice" ? { options: [] } : undefined),
  },
  ({ fields, type }) => (fields.options === null && type !== "multiple choice" ? "options is null" : undefined),
);

/** What the record rules refuse and no other check names. */
export const recordInvalid: Check = recordCheck(
  {
    code: "RECORD_INVALID",
    level: "error",
    about: "break the record rules, so that training leaves them out or stops",
    remedy: "Correct the fields that are named; docs/records.md has the rules.",
  },
  ({ issues, goldFault, type, fields }) => {
    const isNamed = (issue: string) =>
      (issue.startsWith("solution:") && goldFault !== undefined) ||
      (issue.startsWith("problem_type:") && typeof fields.problem_type === "string" && !isSpelt(type, fields));
    const rest = issues.filter((issue) => !isNamed(issue));
    return rest.length > 0 ? rest.join("; ") : undefined;
  },
);

const isSpelt = (type: string | undefined, { problem_type }: Readonly<Record<string, unknown>>): boolean =>
  type !== undefined && (problemTypes as readonly unknown[]).includes(problem_type);

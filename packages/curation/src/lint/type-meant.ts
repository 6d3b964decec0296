import { type ProblemType, problemTypes } from "@videor1/rewards";

const keyOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, "");
/** Other names in use: of LMMs' data sets and of Video-R1's own evaluation files. */
const otherNames: Readonly<Record<string, ProblemType>> = {
  mc: "multiple choice",
  mcq: "multiple choice",
  open: "free-form",
};
const typeOfKey = new Map<string, ProblemType>([
  ...problemTypes.map((type) => [keyOf(type), type] as const),
  ...Object.entries(otherNames),
]);

/** The problem type that a text spells, whatever its case, spaces and hyphens; undefined if it is none. */
export const typeMeant = (spelt: unknown): ProblemType | undefined =>
  typeof spelt === "string" ? typeOfKey.get(keyOf(spelt)) : undefined;

import type { Example } from "@videor1/data";
import { readOption } from "../lint/option.ts";
import { plainText } from "../lint/text-key.ts";

/** Question and options without differences of case, spacing and punctuation around, options in any order and without letters. */
export const questionText = ({ problem, options }: Pick<Example, "problem" | "options">): string =>
  [plainText(problem), ...options.map((option) => plainText(readOption(option).text)).sort()].join("\n");

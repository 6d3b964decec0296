import type { Journal } from "../files/journal.ts";
import { type Answers, noUsage } from "./answers.ts";
import type { Question } from "./read-questions.ts";

/** The journal's answers to a question; none, but what was paid, if it was another question that had this id. */
export function answersTo({ key, asked }: Pick<Question, "key" | "asked">, journal: Journal<Answers>): Answers {
  const answers = journal.read(key);
  return answers?.asked === asked ? answers : { asked, samples: [], usage: answers?.usage ?? noUsage };
}

import { type BenchmarkItem, letterAt } from "../../item.ts";

/** Which of the four tasks an item is of. */
export function tempcompassTask({ groups, answerType }: BenchmarkItem): string {
  if (groups.task !== undefined) return groups.task;
  if (answerType === "caption") return "captioning";
  return answerType === "yes-no" ? "yes_no" : "multi-choice";
}

/** The official question, its options included, and the official answer. */
export function officialQuestion(item: BenchmarkItem): { question: string; answer: string } {
  const { extra, question, options, gold } = item;
  const task = tempcompassTask(item);
  const label =
    task === "caption_matching" ? (i: number) => `Caption ${letterAt(i)}: ` : (i: number) => `${letterAt(i)}. `;
  const lines = options.map((option, i) => label(i) + option);
  const chosen = gold.charCodeAt(0) - 65;
  const answer = task === "yes_no" ? gold : (lines[chosen] ?? gold);
  return {
    question: String(extra?.question ?? [question, ...(task === "yes_no" ? [] : lines)].join("\n")),
    answer: String(extra?.answer ?? answer),
  };
}

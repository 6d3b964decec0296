import { optionLetter } from "../option-letter.ts";
import { withoutLetters } from "./options.ts";

const optionLine = /^\s*[([]?([A-Z])[.):\]]\s*\S/;
const instructionLine = /\b(answer|respond|reply|select|choose|provide|give)\b.*\b(letter|option|choice|answer)/i;

/**
 * The question and the options that stand in it: lines lettered from A, of which the answer is a letter or a text, at its end or with
 * an instruction behind them, which is left out. Undefined if there are none.
 */
export function optionsInText(text: string, answer: string): { problem: string; options: string[] } | undefined {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => optionLine.exec(line)?.[1] === "A");
  if (start < 1) return undefined;
  let end = start;
  while (end < lines.length && optionLine.exec(lines[end]!)?.[1] === optionLetter(end - start)) end += 1;
  const options = lines.slice(start, end).map((line) => line.trim());
  const behind = lines.slice(end).filter((line) => line.trim() !== "");
  const before = lines
    .slice(0, start)
    .filter((line, i, all) => i < all.length - 1 || !/^\s*(options|choices):?\s*$/i.test(line));
  const isAnswered = answerNames(answer, options);
  if (options.length < 2 || !isAnswered || !behind.every((line) => instructionLine.test(line))) return undefined;
  return { problem: before.join("\n").trim(), options };
}

function answerNames(answer: string, options: readonly string[]): boolean {
  const said = answer.trim().replace(/\.$/, "");
  const letter = /^[([]?([A-Z])(?:[.):\]]|$)/.exec(said)?.[1];
  if (letter !== undefined) return letter.charCodeAt(0) - 65 < options.length;
  return [...options, ...withoutLetters(options)].includes(said);
}

import { readExpression } from "../src/expressions.ts";
import type { AccuracyOptions, ProblemType } from "../src/index.ts";

const sentence =
  "the man in the red shirt picks up a blue ball and throws it to the dog that runs hopefully towards him";

/** Completions of some `length` characters, in all the shapes that were ever slow or might be. */
export function longCompletions(length: number): Record<string, string> {
  const filled = (text: string): string => text.repeat(Math.ceil(length / text.length));
  const answered = (text: string): string => `<think>short</think><answer>${text}</answer>`;
  /** Words of which no two are the same. */
  function differentWords(word: (i: number) => string): string {
    const words: string[] = [];
    for (let sum = 0; sum < length; sum += words.at(-1)!.length + 1) words.push(word(words.length));
    return words.join(" ");
  }
  return {
    "<think> alone": filled("<think>"),
    "<answer> alone": `<think>${filled("<answer>")}</answer>`,
    "</think> alone": `<answer>${filled("</think>")}`,
    "thinking and answers in turn": filled("<think><answer></answer></think>"),
    "answers before every </think>": filled("<answer></think>"),
    "tags with attributes": filled("<tool_call a=1>"),
    "tags that never end": `<think>a</think><answer>${filled("<think ")}</answer>`,
    "spaces in a tag": filled(`<think${" ".repeat(200)}`),
    "thinking in tokens": filled("[THINK]◁/think▷"),
    "calls in tokens": filled("<|tool_call_begin|><answer>"),
    "spaces between the blocks": `<think>a</think>${filled(" ")}<answer>b</answer>`,
    "spaces in the answer": answered(`${filled(" ")}x${filled(" ")}`),
    "U+3000 in the answer": answered(filled("\u3000")),
    "one word": answered(filled("a")),
    "a run of y": answered(`${filled("y")}ing`),
    "one letter, again and again": answered(filled("a ")),
    "the truth, again and again": answered(filled(`${sentence} `)),
    "the truth's words, backwards": answered(filled(`${sentence.split(" ").reverse().join(" ")} `)),
    "different words": answered(differentWords((i) => `w${i}`)),
    "different words in -ing": answered(differentWords((i) => `${i.toString(36)}ing`)),
    "different words that begin as the truth's": answered(differentWords((i) => `pick${i.toString(36)}ational`)),
    "dotted capital I": answered(filled("\u0130")),
    emoji: answered(filled("😀 ")),
    "lone surrogates": answered(filled("\ud800")),
    digits: answered(filled("1")),
    "digits of another script": answered(filled("٣")),
    "digits of several scripts": answered(filled("٣३๓３")),
    "digits grouped by spaces": answered(filled("123\u202f")),
    "digits and underscores": answered(`1${filled("_1")}`),
    "digits and commas": answered(filled("1,")),
    thousands: answered(`1${filled(",000")}`),
    fractions: answered(filled("1/")),
    brackets: answered(filled("(")),
    "choice after choice": answered(filled("C. ")),
  };
}

const numbers: Record<string, string> = { "multiple choice": "C", numerical: "12.5", regression: "12.5" };

/** A truth of ordinary length that the long completions are scored against. */
export const solutionFor = (type: ProblemType): string => `<answer>${numbers[type] ?? sentence.repeat(5)}</answer>`;

/** Both rules; the safe ones with all their options. */
export const longOptions: Readonly<Record<string, AccuracyOptions>> = {
  "video-r1": { rules: "video-r1" },
  safe: { lenientChoices: true, readNumber: readExpression, markup: true, units: true, ignoreCase: true },
};

import { accuracyReward, formatReward } from "@videor1/rewards";
import { optionLetter } from "../../option-letter.ts";
import { type Check, recordCheck } from "../check.ts";
import type { LintRecord } from "../lint-record.ts";
import { readOption } from "../option.ts";
import { plainText } from "../text-key.ts";

const isNumeric = ({ type }: LintRecord): boolean => type === "numerical" || type === "regression";
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
const withGold = (gold: string) => ({ solution: `<answer>${gold}</answer>` });

/** Whether the solution is one answer between tags and nothing else, so that it can be written anew. */
const isOneAnswer = ({ solution, gold }: LintRecord): boolean =>
  gold !== "" && /^\s*<answer>\s*[^<>]*\s*<\/answer>\s*$/.test(solution);

export const goldUntagged: Check = recordCheck(
  {
    code: "GOLD_UNTAGGED",
    level: "error",
    about: "have a solution without <answer> tags, which every answer without tags is equal to",
    remedy: "Write <answer>…</answer>.",
    fixes: "puts the tags around the whole solution, where it holds no tag at all",
    fix: ({ solution }) => (solution.trim() !== "" && !/[<>]/.test(solution) ? withGold(solution.trim()) : undefined),
  },
  ({ solution }) =>
    solution.trim() !== "" && !/<answer>[\s\S]*<\/answer>/.test(solution) ? shown(solution) : undefined,
);

export const goldSilent: Check = recordCheck(
  {
    code: "GOLD_SILENT",
    level: "error",
    about: "have a gold that an empty answer earns",
    remedy: "Write the true answer, or leave the records out.",
  },
  ({ solution, type, fields, gold }, { rules }) => {
    if (type === undefined || typeof fields.solution !== "string") return undefined;
    if (solution.trim() === "" || (gold.trim() === "" && solution.includes("<answer>"))) return "the gold is empty";
    const earned = ["", "<answer></answer>"].some((none) => accuracyReward(none, solution, type, { rules }) > 0);
    return earned && solution.includes("<answer>") ? `${shown(gold)} is earned without an answer` : undefined;
  },
);

/** The letter that a gold of another form means: `B.`, `(B)`, `b`, `B. red`, or the text of one option. */
function letterMeant({ gold, choices }: LintRecord): string | undefined {
  const letters = choices.map(({ letter }, i) => letter ?? optionLetter(i));
  if (new Set(letters).size < letters.length) return undefined;
  const alone = /^[([]?([A-Za-z])[.):\]]*$/.exec(gold)?.[1]?.toUpperCase();
  if (alone !== undefined) return letters.includes(alone) ? alone : undefined;
  const labelled = readOption(gold);
  const text = plainText(labelled.text);
  const same = choices.flatMap(({ plain }, i) => (plain === text ? [letters[i]!] : []));
  const [letter] = same;
  return same.length === 1 && (labelled.letter ?? letter) === letter ? letter : undefined;
}

const isNoOption = (record: LintRecord): boolean =>
  record.type === "multiple choice" && record.gold !== "" && record.goldFault !== undefined && record.goldAt < 0;

export const goldForm: Check = recordCheck(
  {
    code: "GOLD_FORM",
    level: "error",
    about: "write the chosen option otherwise than by its letter, which is compared as it is",
    remedy: "Write the letter alone.",
    fixes: "the letter that the gold names, alone, with its text, or by the text of one option",
    fix: (record) => {
      const letter = isNoOption(record) && isOneAnswer(record) ? letterMeant(record) : undefined;
      return letter === undefined ? undefined : withGold(letter);
    },
  },
  (record) => {
    const letter = isNoOption(record) ? letterMeant(record) : undefined;
    return letter === undefined ? undefined : `${shown(record.gold)} for ${letter}`;
  },
);

export const goldNoOption: Check = recordCheck(
  {
    code: "GOLD_NO_OPTION",
    level: "error",
    about: "choose none of their options",
    remedy: "Write the letter of the right option, add the option, or leave the records out.",
  },
  (record) =>
    isNoOption(record) && letterMeant(record) === undefined
      ? `${shown(record.gold)} of ${record.options.length} options`
      : undefined,
);

const decimalComma = /^[+-]?\d+,(\d{1,2}|\d{4,})$/;
const numberWithUnit = /^[$€£¥~≈]?\s*[+-]?\d[\d.,]*(e[+-]?\d+)?\s*[\p{L}%°'"‰$€£¥²³/.·\s]+$/iu;

type NumberFault = "GOLD_DECIMAL_COMMA" | "GOLD_UNIT" | "GOLD_NOT_NUMBER";

function numberFault(record: LintRecord): NumberFault | undefined {
  const { gold, goldFault } = record;
  if (!isNumeric(record) || goldFault === undefined || gold === "") return undefined;
  if (decimalComma.test(gold)) return "GOLD_DECIMAL_COMMA";
  if (/^[$€£¥]\s*[\d.,]+$/.test(gold) || numberWithUnit.test(gold)) return "GOLD_UNIT";
  return goldFault.startsWith("is not a number") ? "GOLD_NOT_NUMBER" : undefined;
}

const numberCheck = (code: NumberFault, about: string, remedy: string): Check =>
  recordCheck({ code, level: "error", about, remedy }, (record) =>
    numberFault(record) === code ? shown(record.gold) : undefined,
  );

export const goldDecimalComma = numberCheck(
  "GOLD_DECIMAL_COMMA",
  "have a number with a decimal comma, which video-r1 reads as fifteen of 1,5",
  "Write a decimal point; where the comma parts two numbers, the record is not numerical.",
);
export const goldUnit = numberCheck(
  "GOLD_UNIT",
  "have a number with a unit, which is no number to the rules",
  "Write the number alone and name the unit in the question.",
);
export const goldNotNumber = numberCheck(
  "GOLD_NOT_NUMBER",
  "have a gold that is not a number, though their type asks for one",
  "Write digits, or change problem_type.",
);

/** Faults of golds that have no code of their own. */
export const goldUnreachable: Check = recordCheck(
  {
    code: "GOLD_UNREACHABLE",
    level: "error",
    about: "have a gold that no answer can earn under the rules",
    remedy: "Correct the solution as the note says, or leave the records out.",
  },
  (record) => {
    const { goldFault, gold, solution } = record;
    if (goldFault === undefined || isNoOption(record) || numberFault(record) !== undefined) return undefined;
    if (gold === "" || !solution.includes("<answer>")) return undefined;
    return goldFault.includes("has the same text") ? undefined : goldFault;
  },
);

export const goldBelowOne: Check = recordCheck(
  {
    code: "GOLD_BELOW_ONE",
    level: "warning",
    about: "have a gold that earns less than 1 when it is repeated word for word",
    remedy: "Expect such records to count as wrong; a single word is better asked as OCR or multiple choice.",
  },
  ({ gold, solution, type, goldFault }, { rules }) => {
    if (type === undefined || gold === "" || goldFault !== undefined || /^[A-Z]$/.test(gold)) return undefined;
    const perfect = `<think>so</think>\n<answer>${gold}</answer>`;
    const accuracy = accuracyReward(perfect, solution, type, { rules });
    if (accuracy < 0.9999) return `${shown(gold)} earns ${accuracy.toFixed(2)} of itself`;
    return formatReward(perfect, { rules }) < 1 ? `${shown(gold)} breaks the format` : undefined;
  },
);

const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

export const goldGrouped: Check = recordCheck(
  {
    code: "GOLD_GROUPED",
    level: "warning",
    about: "have a number with commas between thousands: under video-r1 1000 is then no answer to 1,000",
    remedy: "Write the digits alone.",
    fixes: "takes the commas out, where they stand between groups of three digits; the number is the same",
    fix: (record) =>
      isNumeric(record) && grouped.test(record.gold) && isOneAnswer(record)
        ? withGold(record.gold.replaceAll(",", ""))
        : undefined,
  },
  (record) => (isNumeric(record) && grouped.test(record.gold) ? shown(record.gold) : undefined),
);

export const goldDecimalMark: Check = recordCheck(
  {
    code: "GOLD_DECIMAL_MARK",
    level: "warning",
    about:
      "have a whole number with a decimal mark: under video-r1 3 earns nothing for 3.0, and 1.000 may be a thousand",
    remedy: "Write 3, or train with rules=safe.",
  },
  ({ type, gold }, { rules }) =>
    rules === "video-r1" && type === "numerical" && /^[+-]?\d+\.0*$/.test(gold) ? shown(gold) : undefined,
);

export const goldRounded: Check = recordCheck(
  {
    code: "GOLD_ROUNDED",
    level: "warning",
    about: "have a gold that rounds to 0.00, which video-r1 then takes for the right answer",
    remedy: "Ask for another unit, or train with rules=safe.",
  },
  ({ type, gold, solution }, { rules }) => {
    if (type !== "numerical" || Number(gold) === 0) return undefined;
    return accuracyReward("<answer>0.00</answer>", solution, type, { rules }) === 1 ? shown(gold) : undefined;
  },
);

const saysAnswer = /\b(?:the\s+)?(?:correct\s+|right\s+)?answer(?:\s+is|:)\s*\(?([^\n.)]+)/i;

export const answerInQuestion: Check = recordCheck(
  {
    code: "ANSWER_IN_QUESTION",
    level: "warning",
    about: "have a question that holds its answer",
    remedy: "Take the answer out of the question, or leave the records out.",
  },
  ({ problem, gold, goldAt, type, choices }) => {
    const said = saysAnswer.exec(problem)?.[1];
    if (gold !== "" && said !== undefined && plainText(said) === plainText(gold))
      return `says that the answer is ${shown(gold)}`;
    const isText = type === "free-form" || type === "OCR";
    const text = isText ? plainText(gold) : (choices[goldAt]?.plain ?? "");
    if (text.length < 12 || text.split(" ").length < 3) return undefined;
    const question = plainText(problem);
    const isAlone = choices.every(({ plain }, i) => i === goldAt || !question.includes(plain));
    return question.includes(text) && isAlone ? `holds ${shown(text)}` : undefined;
  },
);

import { optionLetter } from "../option-letter.ts";
import { type AnswerKind, MappingFault } from "./mapping.ts";
import { withoutLetters } from "./options.ts";

/** An answer that is a label alone, as `B`, `(B)` or `2.`, or one before its text. */
const labelAlone = /^[([]?([A-Za-z]|\d{1,2})[.):\]]*$/;
const labelFirst = /^[([]?([A-Za-z]|\d{1,2})[.):\]]+\s*(\S[\s\S]*)$/;

const isWhole = (value: unknown): value is number | string =>
  typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && /^\d{1,3}$/.test(value.trim());

/**
 * The letter of the option that an answer names.
 *
 * @param labels - of the options, if they are others than A, B, C … in order: what is a letter or number among them names its option.
 * @param kind - `auto` takes a letter, `B. a kettle`, or an option's text; a number is not told apart, from 0 or from 1.
 * @throws {MappingFault} If it names none, or two.
 */
export function answerLetter(
  answer: unknown,
  options: readonly string[],
  kind: AnswerKind = "auto",
  labels: readonly string[] = options.map((_, i) => optionLetter(i)),
): string {
  const text = String(answer).trim();
  const fault = (message: string) => new MappingFault("ANSWER", `the answer ${JSON.stringify(text)} ${message}`);
  if (kind === "index0" || kind === "index1") {
    if (!isWhole(answer)) throw fault("is no number of an option");
    const index = Number(answer) - (kind === "index1" ? 1 : 0);
    if (index < 0 || index >= options.length) throw fault(`is not the number of one of ${options.length} options`);
    return optionLetter(index);
  }
  const letter = kind === "text" ? undefined : byLabel(text, options, labels);
  const found = kind === "letter" ? [] : byText(text, options);
  const texts = [...new Set(found.map(optionLetter))];
  if (texts.length > 1) throw fault(`is the text of the options ${texts.join(" and ")}`);
  if (letter !== undefined && texts.length === 1 && texts[0] !== letter)
    throw fault(`is a letter and the text of option ${texts[0]}: say answerIs=letter or answerIs=text`);
  const taken = letter ?? texts[0];
  if (taken !== undefined) return taken;
  if (kind === "auto" && isWhole(answer))
    throw fault("may count options from 0 or from 1: say answerIs=index0 or answerIs=index1");
  throw fault(`names none of ${options.length} options`);
}

function byLabel(text: string, options: readonly string[], labels: readonly string[]): string | undefined {
  const indexOf = (label: string) => labels.indexOf(label.toUpperCase());
  const alone = labelAlone.exec(text)?.[1];
  if (alone !== undefined) return indexOf(alone) < 0 ? undefined : optionLetter(indexOf(alone));
  const [, label, rest] = labelFirst.exec(text) ?? [];
  const index = label === undefined ? -1 : indexOf(label);
  return index >= 0 && same(withoutLetters(options)[index]!, rest!) ? optionLetter(index) : undefined;
}

/** Indices of the options with this text, with or without their letters; those that differ in case alone if there is no other. */
function byText(text: string, options: readonly string[]): number[] {
  const bare = withoutLetters(options);
  const matching = (isSame: (option: string) => boolean) =>
    options.flatMap((option, i) => (isSame(option.trim()) || isSame(bare[i]!.trim()) ? [i] : []));
  const exact = matching((option) => option === text);
  return exact.length > 0 ? exact : matching((option) => same(option, text));
}

const same = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (text: string): string => text.trim().replace(/\.$/, "").toLowerCase();

const isLabel = (answer: unknown, labels: readonly string[] | undefined): boolean =>
  labels?.includes(String(answer).trim()) ?? false;

/** What numbers as answers say of how they count: seen over all rows. */
export interface IndexSurvey {
  /** Answers that are numbers and the text of no option. */
  numbers: number;
  /** Answers that are numbers and the text of an option. */
  texts: number;
  /** Some are 0: they count from 0. */
  hasZero: boolean;
  /** Some are the number of options: they count from 1. */
  hasLast: boolean;
}

export const emptySurvey = (): IndexSurvey => ({ numbers: 0, texts: 0, hasZero: false, hasLast: false });

/** Looks at one more answer. */
export function surveyAnswer(
  survey: IndexSurvey,
  answer: unknown,
  options: readonly string[],
  labels?: readonly string[],
): void {
  if (!isWhole(answer) || isLabel(answer, labels)) return;
  if (byText(String(answer).trim(), options).length > 0) {
    survey.texts += 1;
    return;
  }
  survey.numbers += 1;
  survey.hasZero ||= Number(answer) === 0;
  survey.hasLast ||= Number(answer) === options.length;
}

/** What the numbers among the answers mean, if they tell it: undefined where they may be several things. */
export function meaningOf({ numbers, texts, hasZero, hasLast }: IndexSurvey): AnswerKind | undefined {
  if (numbers === 0) return "auto";
  if (texts > 0 || hasZero === hasLast) return undefined;
  return hasZero ? "index0" : "index1";
}

/**
 * The letter of an answer of a table whose numbers mean this, as {@link meaningOf} says; other answers are letters or texts.
 *
 * @throws {MappingFault} As {@link answerLetter}; also for a number that may be several things.
 */
export function surveyedLetter(
  answer: unknown,
  options: readonly string[],
  numbers: AnswerKind | undefined,
  labels?: readonly string[],
): string {
  if (!isWhole(answer) || numbers === "auto" || isLabel(answer, labels))
    return answerLetter(answer, options, "auto", labels);
  if (numbers !== undefined) return answerLetter(answer, options, numbers);
  throw new MappingFault(
    "ANSWER",
    `the answer ${JSON.stringify(answer)} may count options from 0 or from 1, or be the text of one: say answerIs=index0, index1 or text`,
  );
}

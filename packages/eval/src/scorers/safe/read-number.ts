import { strip } from "@videor1/rewards";
import { leadingNumberWords, numberForm, numberWithUnit, parseFiniteNumber } from "@videor1/rewards/reading";
import { conclusions } from "./conclusions.ts";
import type { Found } from "./option-alone.ts";

/** A number that an answer states; `isPercentage` if a percent sign or word follows it. */
export interface StatedNumber {
  number: number;
  isPercentage: boolean;
}

/**
 * The one number that an answer states: alone (`3`, `about 2.3 m`, `three chairs`), behind an announcement, or the only one
 * in the text.
 *
 * @returns undefined if it states none, or several that differ: `3 or 4`, `3-4`, `1/2`, `2 million`.
 */
export function readNumber(answer: string): Found<StatedNumber> | undefined {
  const text = numberForm(answer);
  if (/(?<![\p{L}\p{N}])0x/iu.test(text)) return undefined;
  const alone = numberAlone(text);
  if (alone !== undefined) return { value: alone, rule: "number" };
  const clauses = conclusions(text);
  const concluded = clauses.map((clause) => numberAlone(withoutStop(clause)) ?? onlyNumber(clause));
  if (concluded.length > 0) {
    const [value] = concluded;
    return value !== undefined && concluded.every((one) => one?.number === value.number)
      ? { value, rule: "conclusion" }
      : undefined;
  }
  const only = onlyNumber(text);
  return only === undefined ? undefined : { value: only, rule: "only number" };
}

const withoutStop = (text: string): string => text.replace(/\.$/, "");

function numberAlone(text: string): StatedNumber | undefined {
  const bare = strip(text);
  const plain = parseFiniteNumber(bare);
  if (plain !== undefined) return { number: plain, isPercentage: false };
  const { number, unit } = numberWithUnit(bare);
  const value = number === bare ? undefined : parseFiniteNumber(number);
  return value === undefined ? undefined : { number: value, isPercentage: unit === "%" };
}

const digits = /(?<![\p{L}\p{N}.,/^×½¼¾])(?:(?<=^|[\s("'[=:~≈$€£])[-−+])?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?/giu;
/** What behind a number makes it another, or no number. */
const changes =
  /^(?:[½¼¾⅓⅔/^×]|x(?!\p{L})|\.?\d|[\s-]*(?:hundred|thousand|million|billion|trillion|dozen|lakh|crore|[万萬亿億千百]|and a (?:half|quarter)|point\s|(?:\d+\s*)?\/))/iu;
const numberWord =
  /(?<![\p{L}\p{N}-])(?<!\b(?:the|this|that|no|each|which|any|every)\s)(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:a )?hundred|thousand)(?!\p{L})/iu;

/** The only number in a text, in digits or words, however often. */
function onlyNumber(text: string): StatedNumber | undefined {
  const found: StatedNumber[] = [];
  for (const { 0: written, index } of text.matchAll(digits)) {
    const trimmed = written.replace(/,$/, "");
    const rest = text.slice(index + trimmed.length);
    const number = changes.test(rest) ? undefined : parseFiniteNumber(trimmed);
    if (number === undefined) return undefined;
    found.push({ number, isPercentage: /^\s*(?:%|percent\b|per cent\b)/i.test(rest) });
  }
  const start = text.search(numberWord);
  if (start >= 0) {
    const words = leadingNumberWords(text.slice(start));
    if (words === undefined || changes.test(text.slice(start + words.length))) return undefined;
    const isPercentage = /^\s*per ?cent\b/i.test(text.slice(start + words.length));
    found.push({ number: words.value, isPercentage });
  }
  const [first] = found;
  return found.every(({ number }) => number === first?.number) ? first : undefined;
}

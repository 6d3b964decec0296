import { conclusions } from "./conclusions.ts";
import type { Found } from "./option-alone.ts";

export type YesNo = "yes" | "no";

const words: Readonly<Record<string, YesNo>> = {
  yes: "yes",
  yeah: "yes",
  yep: "yes",
  yup: "yes",
  true: "yes",
  sí: "yes",
  oui: "yes",
  ja: "yes",
  是: "yes",
  はい: "yes",
  no: "no",
  nope: "no",
  nah: "no",
  false: "no",
  non: "no",
  nein: "no",
  否: "no",
  いいえ: "no",
};
const word = Object.keys(words).join("|");
const edge = "(?![\\p{L}\\p{N}'’])";
const leading = new RegExp(`^["'“‘(\\[]*(${word})${edge}`, "iu");
/** The other word where it begins or is a clause: `Yes and no`, `No, yes`; not in `yes, there is no doubt`. */
const clauseWord = new RegExp(
  `(?:[.,;:!?\\n/]|(?<!\\p{L})(?:and|or|but|then))\\s*(${word})(?=["'”’)\\]]*\\s*(?:$|[.,;:!?\\n]))`,
  "giu",
);
const closing = new RegExp(`(?<!\\p{L})(?:is|so|hence|therefore|thus|say)[:,]?\\s+["'“]*(${word})["'”]*[.!]?$`, "iu");

/** Yes or no, as an answer begins with it or concludes it. Undefined if it says neither, or both. */
export function readYesNo(answer: string): Found<YesNo> | undefined {
  if (/^no\s+(?:answer|idea|information|clue|comment|opinion|response)\b/i.test(answer)) return undefined;
  const begun = leading.exec(answer)?.[1];
  if (begun !== undefined) {
    const said = yesOrNo(begun);
    const rest = answer.slice(begun.length).replace(/\s+/g, (run) => (run.includes("\n") ? "\n" : " "));
    const others = [...rest.matchAll(clauseWord)].map(([, other]) => yesOrNo(other!));
    return others.every((other) => other === said) ? { value: said, rule: "first word" } : undefined;
  }
  const concluded = conclusions(answer).flatMap((clause) => leading.exec(clause)?.[1] ?? []);
  const [value, ...others] = new Set(concluded.map(yesOrNo));
  if (value !== undefined) return others.length === 0 ? { value, rule: "conclusion" } : undefined;
  const closed = closing.exec(answer)?.[1];
  return closed === undefined ? readExistence(answer) : { value: yesOrNo(closed), rule: "conclusion" };
}

const yesOrNo = (text: string): YesNo => words[text.toLowerCase()]!;

const exists =
  /^(?:there (?:is|are)|i (?:can |do )?see|it is (?:there|present)|they are (?:there|present))(?![\p{L}'’])/iu;
const doesNot =
  /^(?:there (?:isn['’]t|aren['’]t|(?:is|are) (?:not|no))|i (?:do not|don['’]t|cannot|can['’]t|can not) see|it (?:isn['’]t|is not) (?:there|present))(?![\p{L}])/iu;

/** One sentence that something is there or is not. */
function readExistence(answer: string): Found<YesNo> | undefined {
  if (/[.!?\n]\s*\S/.test(answer)) return undefined;
  if (doesNot.test(answer)) return { value: "no", rule: "existence" };
  return exists.test(answer) && !/\b(?:no|not|nothing|none|doubt|maybe|might|unclear)\b|n['’]t\b/i.test(answer)
    ? { value: "yes", rule: "existence" }
    : undefined;
}

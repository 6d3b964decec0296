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
  return closed === undefined ? undefined : { value: yesOrNo(closed), rule: "conclusion" };
}

const yesOrNo = (text: string): YesNo => words[text.toLowerCase()]!;

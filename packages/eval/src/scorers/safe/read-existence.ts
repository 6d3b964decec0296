import type { Found } from "./option-alone.ts";
import type { YesNo } from "./read-yes-no.ts";

const exists = /^(?:there (?:is|are)|(?:yes, )?i (?:can |do )?see)(?![\p{L}'’])/iu;
const doesNot =
  /^(?:there (?:isn['’]t|aren['’]t|(?:is|are) (?:not|no))|i (?:do not|don['’]t|cannot|can['’]t|can not) see)(?!\p{L})/iu;
const doubt = /\b(?:no|not|nothing|none|maybe|might|may|could|seems?|unclear)\b|n['’]t\b/i;

/** Whether one sentence says that what the question asks for is there: `There isn't a ladder in the image.` */
export function readExistence(answer: string, question: string): Found<YesNo> | undefined {
  const asked = /\bis there (?:an? |any )?(.+?) in the im/i.exec(question)?.[1]?.toLowerCase();
  const isSentence = !/[.!?\n]\s*\S/.test(answer);
  const isSaid = asked !== undefined && (answer.toLowerCase().includes(asked) || /\bone\b/i.test(answer));
  if (!isSentence || !isSaid) return undefined;
  if (doesNot.test(answer)) return { value: "no", rule: "existence" };
  return exists.test(answer) && !doubt.test(answer) ? { value: "yes", rule: "existence" } : undefined;
}

const answer = "(?:answer|solution)(?! (?:options?|choices?|format|tags?|box)\\b)";
const given = "(?:given|provided|supplied|known|stated|specified)";
const right = "(?:(?:correct|right|true|final|expected) )?";

/** What only somebody writes who has seen the answer before the reasoning. */
const leaks: readonly RegExp[] = [
  `\\b(?:given|provided|supplied|stated|listed) ${right}${answer}\\b`, // the given answer, the provided correct answer
  `\\b${answer} (?:that )?(?:(?:is|was|has been|had been) )?(?:already )?${given}\\b`, // the correct answer provided is
  "\\bground[- ]truth\\b",
  "\\b(?:reference|official|gold) (?:answer|solution)\\b",
  "\\banswer key\\b",
  `\\b(?:according to|based on|given|matches|match with) the ${right}${answer}\\b`,
  `\\bthe ${right}(?:answer|solution|label) (?:says|states|indicates|claims)\\b`,
  `\\b(?:we|i) (?:already )?(?:know|are told|am told|was told|were told|have been told) (?:that )?the ${right}answer\\b`,
  `\\b(?:since|as|because|knowing(?: that)?) the ${right}answer is\\b`,
  "<\\/?(?:answer|solution)>",
].map((pattern) => new RegExp(pattern, "i"));

/**
 * What in a thought gives away that its answer was known before it: "the given answer", "the correct answer provided", "ground
 * truth", "the answer key", "since the answer is", a tag of an answer inside the thinking and their near relatives. "The correct
 * answer is B" is none: thoughts end so. Undefined if there is nothing.
 */
export function answerLeak(thinking: string): string | undefined {
  for (const pattern of leaks) {
    const found = pattern.exec(thinking);
    if (found) return found[0];
  }
  return undefined;
}

/** Words that state the option whose letter follows. */
const stating =
  /\b(?:answer|ans|choose|chose|select|picks?|go with|say|leaves|(?:it|that|this|answer|option|choice) (?:is|must be|should be|would be)|must be)\s+(?:the\s+)?(?:option|choice|letter)?\s*|(?:选择?|選擇?)\s*/gi;
/** Words that state the option whose letter they follow. */
const stated =
  /(?<![\p{L}\p{N}'’])'{0,3}([A-Z])[)"'\]]*\s+(?:(?:is|would be|must be)\s+(?:the\s+)?(?:correct|right|best|better|answer)\b|it is[.!]?$)/gmu;

/** The letters that a text states as its answer, in sentences. */
export function statedLetters(text: string): string[] {
  const after = [...text.matchAll(stating)].flatMap(({ 0: words, index }) => lettersAt(text, index + words.length));
  const before = [...text.matchAll(stated)].map(({ 1: letter }) => letter!);
  return [...after, ...before];
}

const beside = "\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{N}'’_";
const letterHere = new RegExp(`[("'“‘[{<$\\s]*([A-Z])(?![${beside}])[)"'”’\\]}>$]*`, "uy");
const another = new RegExp(
  `[\\s.,]*(?:(?:or|and|或|和|与|및|oder|ou|o)\\s+|[/,&]\\s*|(?<=\\s)(?=[A-Z](?![${beside}])))(?:option\\s+|maybe\\s+|possibly\\s+|perhaps\\s+)*`,
  "iuy",
);
const denial = /\s*(?:(?:is|are|was)\s*)?(?:not|never|wrong|incorrect|false|isn['’]t)\b/iy;
const article = /\s+\p{Ll}/uy;
const clause = /\s+(?:because|since|as|which|for|is|with|or|and|but|based)\b/y;

/** The letter at an index and those that are offered beside it; none if something else stands there, or it is denied. */
export function lettersAt(text: string, index: number): string[] {
  const letters: string[] = [];
  for (let at = index; ; ) {
    const match = matchAt(letterHere, text, at);
    if (match === null) return letters;
    const letter = match[1]!;
    const end = at + match[0].length;
    const isArticle = letter === "A" && matchAt(article, text, end) !== null && matchAt(clause, text, end) === null;
    if (isArticle || matchAt(denial, text, end) !== null) return letters;
    letters.push(letter);
    const joined = matchAt(another, text, end);
    if (joined === null || joined[0] === "") return letters;
    at = end + joined[0].length;
  }
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

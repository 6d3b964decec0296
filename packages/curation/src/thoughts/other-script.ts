/** Scripts that are told apart; letters of others count as one more. Greek is not among them: formulas use it everywhere. */
const scripts = {
  Latin: /\p{Script=Latin}/gu,
  "Chinese and Japanese": /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Hangul: /\p{Script=Hangul}/gu,
  Cyrillic: /\p{Script=Cyrillic}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
  Devanagari: /\p{Script=Devanagari}/gu,
  Thai: /\p{Script=Thai}/gu,
} as const;
const known = Object.entries(scripts);
const otherLetters =
  /[^\P{L}\p{Script=Latin}\p{Script=Greek}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}\p{Script=Common}\p{Script=Inherited}]/gu;

/**
 * The share of a text's letters in scripts that the question does not use, and the script with the most of them: Chinese in the
 * thoughts on an English question. 0 where either has no letters.
 */
export function otherScriptShare(text: string, question: string): { share: number; script: string | undefined } {
  const [own, asked] = [countScripts(text), countScripts(question)];
  const total = own.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || asked.every(({ count }) => count === 0)) return { share: 0, script: undefined };
  const foreign = own.filter((_, i) => asked[i]!.count === 0).sort((a, b) => b.count - a.count);
  const count = foreign.reduce((sum, { count }) => sum + count, 0);
  return { share: count / total, script: count === 0 ? undefined : foreign[0]!.script };
}

function countScripts(text: string): { script: string; count: number }[] {
  const latin = latinOfAscii(text);
  const counts = known.map(([script, letters], i) => {
    if (latin === undefined) return { script, count: text.match(letters)?.length ?? 0 };
    return { script, count: i === 0 ? latin : 0 };
  });
  return [...counts, { script: "other", count: latin === undefined ? (text.match(otherLetters)?.length ?? 0) : 0 }];
}

/** Letters of a text in ASCII, which most are; undefined for another. */
function latinOfAscii(text: string): number | undefined {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return undefined;
    const small = unit | 32;
    if (small >= 97 && small <= 122) count += 1;
  }
  return count;
}

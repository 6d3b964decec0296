import { strip } from "../python-text.ts";
import { choiceLetter, choiceLetters, withoutIntroduction } from "./choice-letter.ts";
import { plainForm } from "./unicode-words.ts";

const label = /^\s*[([]?([A-Z])(?:[.):\]]\s*|$)/;

/**
 * The letter of the one option that an answer names among `choices`, by its letter, by its text or by both; the letters of
 * several where nothing but letters is written (`A,C`); else undefined. Case, a full stop at the end and Unicode's
 * compatibility forms make no difference.
 */
export function chosenOption(answer: string, choices: readonly string[]): string | undefined {
  const letters = choices.map((choice, i) => label.exec(choice)?.[1] ?? String.fromCharCode(65 + i));
  const letter = choiceLetter(answer) ?? choiceLetters(answer);
  for (const text of new Set([comparable(answer), comparable(withoutIntroduction(answer))])) {
    const named = letters.filter((letter, i) => formsOf(letter, choices[i]!).includes(text));
    const found = named.length > 0 ? named : letters.filter((_, i) => bareText(choices[i]!) === text);
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return letter !== undefined && [...letter].every((one) => letters.includes(one)) ? letter : undefined;
}

/** How an answer can name an option by its letter, or by letter and text. */
function formsOf(upper: string, choice: string): string[] {
  const bare = bareText(choice);
  const letter = upper.toLowerCase();
  const names = [letter, `(${letter})`, `${letter})`, `${letter}:`];
  const both = [`${letter}. `, `${letter}: `, `(${letter}) `, `${letter}) `].map((name) => name + bare);
  if (!/^(?:or|and|not)\b/.test(bare)) both.push(`${letter} ${bare}`); // "B or A" is no option "or A"
  return [...names, comparable(choice), ...both, `${bare} (${letter})`];
}

function bareText(choice: string): string {
  return comparable(choice.replace(label, ""));
}

function comparable(text: string): string {
  return strip(plainForm(text)).toLowerCase().replace(/\.$/, "");
}

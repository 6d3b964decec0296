import { strip } from "../python-text.ts";
import { choiceLetter, choiceLetters } from "./choice-letter.ts";
import { plainForm } from "./unicode-words.ts";

const label = /^\s*[([]?([A-Z])(?:[.):\]]\s*|$)/;

/**
 * The letter of the one option that an answer names among `choices`, by its letter, by its text or by both; the letters of
 * several where nothing but letters is written (`A,C`); else undefined. Case, a full stop at the end and Unicode's
 * compatibility forms make no difference.
 */
export function chosenOption(answer: string, choices: readonly string[]): string | undefined {
  const text = comparable(answer);
  const letters = choices.map((choice, i) => label.exec(choice)?.[1] ?? String.fromCharCode(65 + i));
  const named = choices.flatMap((choice, i) => {
    const bare = comparable(choice.replace(label, ""));
    const letter = letters[i]!.toLowerCase();
    const whole = [
      letter,
      `(${letter})`,
      comparable(choice),
      `${letter}. ${bare}`,
      `${letter}: ${bare}`,
      `(${letter}) ${bare}`,
      `${letter}) ${bare}`,
    ];
    return whole.includes(text) || `${letter})` === text || `${letter}:` === text ? [letters[i]!] : [];
  });
  const byText = choices.flatMap((choice, i) => (comparable(choice.replace(label, "")) === text ? [letters[i]!] : []));
  const found = named.length > 0 ? named : byText;
  if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  const letter = choiceLetter(answer) ?? choiceLetters(answer);
  return letter !== undefined && [...letter].every((one) => letters.includes(one)) ? letter : undefined;
}

function comparable(text: string): string {
  return strip(plainForm(text)).toLowerCase().replace(/\.$/, "");
}

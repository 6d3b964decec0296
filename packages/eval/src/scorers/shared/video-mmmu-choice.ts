import { splitWords } from "../python/split.ts";
import { stripCharacters } from "../python/strip.ts";

/** What a reply is that names no option. The misspelling is the original's. */
export const noAnswer = "No Answere Found";

const edges = [",", ".", "!", "?", ";", ":", "'"];

/** MMMU's preparation of a reply: each mark stripped in turn from both ends, a space put there instead. */
export const paddedReply = (reply: string): string => ` ${edges.reduce(stripCharacters, reply)} `;

/** The first of those whose position is the largest, as numpy's argmax. */
export const lastMentioned = (letters: readonly string[], positionOf: (letter: string) => number): string =>
  letters.reduce((best, letter) => (positionOf(letter) > positionOf(best) ? letter : best));

/**
 * VideoMMMU's own parser of choices, which VLMEvalKit has too: letters before a full stop or a colon, else in brackets, else
 * before a space, else options whose text is in a reply of more than five words; of several the one last mentioned.
 *
 * @returns `undefined` for an empty reply, which counts as an API error.
 * @see EvolvingLMMs-Lab/VideoMMMU@88b4ac3 lmms_eval/tasks/videommmu/utils.py `parse_multi_choice_response`
 */
export function parseVideoMmmuChoice(
  reply: string,
  letters: readonly string[],
  options: readonly string[],
): string | undefined {
  if (reply === "" || reply === "API Error") return undefined;
  const text = paddedReply(reply);
  const named = (form: (letter: string) => string): string[] => letters.filter((letter) => text.includes(form(letter)));

  const withStop = named((letter) => `${letter}.`);
  const withColon = named((letter) => `${letter}:`);
  if (withStop.length + withColon.length > 0) {
    const mark = withStop.length > 0 ? "." : ":";
    return lastMentioned([...withStop, ...withColon], (letter) => text.lastIndexOf(letter + mark));
  }
  const inBrackets = named((letter) => `(${letter})`);
  if (inBrackets.length > 0) return lastMentioned(inBrackets, (letter) => text.lastIndexOf(`(${letter})`));
  const beforeSpace = named((letter) => `${letter} `);
  if (beforeSpace.length > 0) return lastMentioned(beforeSpace, (letter) => text.lastIndexOf(` ${letter} `));
  return lastOptionQuoted(text, letters, options) ?? noAnswer;
}

/** The letter of the option whose text comes last in a reply of more than five words; `undefined` if none is in it. */
export function lastOptionQuoted(
  text: string,
  letters: readonly string[],
  options: readonly string[],
): string | undefined {
  if (splitWords(text).length <= 5) return undefined;
  const lower = text.toLowerCase();
  const positionOf = (letter: string): number => lower.lastIndexOf(options[letters.indexOf(letter)]!.toLowerCase());
  const quoted = letters.filter((letter) => positionOf(letter) >= 0);
  return quoted.length === 0 ? undefined : lastMentioned(quoted, positionOf);
}

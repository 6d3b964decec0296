import type { BenchmarkScorer } from "../scorer.ts";
import { groupReadings, tableOf } from "../shared/groups.ts";
import { drawn, meanOf, rightOrWrong } from "../shared/reading.ts";
import { lastMentioned, lastOptionQuoted, paddedReply } from "../shared/video-mmmu-choice.ts";
import { lettersOf } from "../shared/video-mmmu-item.ts";

const types = ["SR", "IMC", "TCI", "TA", "MHR", "PAR", "CTI"];

/**
 * Letters in brackets, else before a space, else before a full stop, else options quoted in more than five words; of several
 * the one last mentioned. An option drawn by chance if there is none.
 *
 * @see lmms-eval 0.7.3 tasks/video_holmes/utils.py `parse_multi_choice_response`
 */
export const videoHolmes: BenchmarkScorer = {
  read(item, output) {
    const letter = chosenLetter(paddedReply(output), lettersOf(item), item.options);
    return letter === undefined ? drawn : rightOrWrong(letter === item.gold);
  },
  aggregate(items, readings) {
    const groups = groupReadings(items, readings, ({ groups }) => groups.task);
    const means = tableOf(groups, (group) => meanOf(group) * 100);
    const byType = types.map((type) => [`video_holmes_${type}`, means[type] ?? 0]);
    return { video_holmes_accuracy: meanOf(readings) * 100, ...Object.fromEntries(byType) };
  },
};

function chosenLetter(text: string, letters: readonly string[], options: readonly string[]): string | undefined {
  const named = (form: (letter: string) => string): string[] => letters.filter((letter) => text.includes(form(letter)));
  const inBrackets = named((letter) => `(${letter})`);
  if (inBrackets.length > 0) return lastMentioned(inBrackets, (letter) => text.lastIndexOf(`(${letter})`));
  const beforeSpace = named((letter) => `${letter} `);
  const bare = beforeSpace.length > 0 ? beforeSpace : named((letter) => `${letter}.`);
  // Also of letters before a full stop the places between two spaces are compared.
  if (bare.length > 0) return lastMentioned(bare, (letter) => text.lastIndexOf(` ${letter} `));
  return lastOptionQuoted(text, letters, options);
}

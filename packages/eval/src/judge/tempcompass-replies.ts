import { strip } from "@videor1/rewards";

/**
 * What the judge of TempCompass's captions rates: 1 if its last line of an answer begins with the gold's letter and names
 * one choice, 0 if not, -1 if it failed. lmms-eval and VLMEvalKit read it alike.
 *
 * @param gold - the choice with its letter: `B. a green kettle`.
 * @see llyx97/TempCompass@e1b4631 eval_captioning.py `parse_llm_output`
 */
export function readCaptionRating(reply: string, gold: string): { rating: 1 | 0 | -1; answer: string | null } {
  if (reply === "" || reply === "invalid_request_error") return { rating: -1, answer: null };
  const line = reply.split("\n").findLast((one) => one.includes("Answer"));
  const answer = line === undefined ? reply : strip(strip(line).replaceAll("Answer:", ""));
  const choices = ["A.", "B.", "C.", "D."].reduce((count, mark) => count + answer.split(mark).length - 1, 0);
  const isRight = answer.split(". ")[0] === gold.split(". ")[0] && choices === 1;
  return { rating: isRight ? 1 : 0, answer };
}

/**
 * What a judge of the other tasks says: 1 for Correct, 0 for Incorrect, both with a capital letter; undefined for neither,
 * which TempCompass and lmms-eval ask again ten times and then rate 0, as VLMEvalKit does at once.
 *
 * @see llyx97/TempCompass@e1b4631 utils/eval_utils.py `llm_output_to_rating`
 */
export function readVerdict(reply: string): 1 | 0 | undefined {
  if (reply.startsWith("Correct")) return 1;
  if (reply.includes("Incorrect")) return 0;
  return reply.includes("Correct") ? 1 : undefined;
}

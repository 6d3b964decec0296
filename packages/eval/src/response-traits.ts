import { extractThinking } from "@videor1/rewards";
import { mean } from "@videor1/statistics";

/**
 * Phrases by which a response takes another look, as the paper shows them ("aha moments"): its own examples and their near
 * relatives.
 *
 * @see arXiv:2503.21776v4 figures of the appendix
 */
const reflection =
  /\b(?:wait|hmm+|oh,? i see|let me (?:re-?)?(?:check|think|verify|look)(?: again)?|let(?:'|’)s (?:verify|re-?check|double-?check|break (?:it|this) down)|on second thou?ght)\b/gi;

/** What can be said of responses without knowing what is right. */
export interface ResponseTraits {
  /** Responses counted. */
  n: number;
  /** Mean characters of a response, and of its thinking where it has one. */
  characters: number;
  thinkingCharacters: number;
  /** Mean tokens of a response; undefined where the engine does not count them. */
  tokens: number | undefined;
  /** Share of responses that hold thinking between tags, that hold an answer between tags, that were cut off by the limit. */
  thinking: number;
  answered: number;
  cutOff: number;
  /** Mean number of phrases that take another look, a response; and the share of responses with at least one. */
  reflections: number;
  reflecting: number;
}

/** How many times a response takes another look. */
export const countReflections = (output: string): number => output.match(reflection)?.length ?? 0;

/** A response, and what its engine says of it. */
export interface Response {
  output: string;
  completionTokens?: number | undefined;
  finishReason?: "stop" | "length" | undefined;
}

/** The traits of a run's responses; undefined for none. */
export function responseTraits(responses: readonly Response[]): ResponseTraits | undefined {
  if (responses.length === 0) return undefined;
  const thoughts = responses.map(({ output }) => extractThinking(output));
  const tokens = responses.map(({ completionTokens }) => completionTokens);
  const counts = responses.map(({ output }) => countReflections(output));
  const share = (isSo: (response: Response, i: number) => boolean) =>
    mean(responses.map((r, i) => (isSo(r, i) ? 1 : 0)));
  const written = thoughts.filter((thought) => thought !== "" && thought !== undefined);
  return {
    n: responses.length,
    characters: mean(responses.map(({ output }) => output.length)),
    thinkingCharacters: written.length === 0 ? 0 : mean(written.map((thought) => thought!.length)),
    tokens: tokens.every((count) => count !== undefined) ? mean(tokens as number[]) : undefined,
    thinking: share((_, i) => Boolean(thoughts[i])),
    answered: share(({ output }) => /<answer>[\s\S]*<\/answer>/.test(output)),
    cutOff: share(({ finishReason }) => finishReason === "length"),
    reflections: mean(counts),
    reflecting: share((_, i) => counts[i]! > 0),
  };
}

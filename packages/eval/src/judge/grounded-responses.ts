import { extractAnswer } from "@videor1/rewards";
import { type Estimate, estimateMean } from "@videor1/statistics";
import { clipOf } from "../headline-interval.ts";
import type { BenchmarkItem } from "../item.ts";
import { forEachOf } from "./for-each-of.ts";
import type { Judge, JudgeMessage } from "./judge.ts";
import { type JudgeCache, outputHash } from "./judge-cache.ts";

/** Version of the prompt, and of how its replies are read. */
export const groundedPrompt = "temporal-share-1";

const task =
  "You are given a question about a video and a response to that question. Your task is to assess whether the response engages with any aspect of the video's temporal structure — that is, any elements related to time, sequence, or progression. This may include references to actions occurring in a particular order, events unfolding over time, descriptions of what happens before or after, mentions of duration, speed, or direction, or any general sense of temporal flow conveyed in the response. Consider a broad range of interpretations, including responses that reflect an understanding of how events evolve or follow one another. Provide your reasoning between the <think> and </think> tags, and then write either 'yes' or 'no' between the <answer> and </answer> tags.";

/**
 * The paper's question to a judge: does a response engage with time? Its words are the paper's; that the response follows them is
 * ours, as the paper does not say where it stands.
 *
 * @see arXiv:2503.21776v4, appendix
 */
export const groundedMessages = (question: string, response: string): JudgeMessage[] => [
  { role: "user", content: `${question} ${task}\n\nResponse: ${response}` },
];

/** Yes or no in the reply's tags; undefined for another reply. */
export function readGrounded(reply: string): boolean | undefined {
  const answer = extractAnswer(reply, { rules: "safe" }).trim().toLowerCase();
  return answer === "yes" ? true : answer === "no" ? false : undefined;
}

export interface GroundedOptions {
  items: readonly BenchmarkItem[];
  /** Of each item; undefined where there is none. */
  responses: readonly (string | undefined)[];
  judge: Judge;
  /** The judge's model; it stands in the cache. */
  model: string;
  cache?: JudgeCache;
  /** Questions at once; default 8. */
  concurrency?: number;
}

/** What a judge found of temporal structure in responses. */
export interface GroundedResponses {
  /** Share of the responses that it gave a verdict on, with its interval over clips; undefined for none. */
  share: Estimate | undefined;
  asked: number;
  cached: number;
  failed: { id: string; reason: string }[];
}

/** The share of temporally grounded responses. Those that the judge gives no verdict on are counted apart. */
export async function groundedResponses(options: GroundedOptions): Promise<GroundedResponses> {
  const { items, responses, judge, model, cache, concurrency = 8 } = options;
  const result: GroundedResponses = { share: undefined, asked: 0, cached: 0, failed: [] };
  const verdicts = new Map<number, boolean>();
  const given = [...items.keys()].filter((i) => responses[i] !== undefined);
  await forEachOf(given, concurrency, async (i) => {
    const { id, benchmark, question } = items[i]!;
    const response = responses[i]!;
    const key = { model, prompt: groundedPrompt, benchmark, id, output: outputHash(response) };
    const known = cache?.get(key);
    if (known === undefined) result.asked++;
    else result.cached++;
    try {
      const reply = known ?? (await judge(groundedMessages(question, response)));
      const verdict = readGrounded(reply);
      if (verdict === undefined) throw new RangeError(`no verdict in ${JSON.stringify(reply.slice(0, 100))}`);
      if (known === undefined) cache?.put(key, reply);
      verdicts.set(i, verdict);
    } catch (error) {
      result.failed.push({ id, reason: String(error) });
    }
  });
  const judged = given.filter((i) => verdicts.has(i));
  const scores = judged.map((i) => (verdicts.get(i) ? 1 : 0));
  const share = estimateMean(
    scores,
    judged.map((i) => clipOf({ item: items[i]! })),
  );
  return { ...result, share };
}

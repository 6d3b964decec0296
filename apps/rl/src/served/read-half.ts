import { ServedModelError } from "@videor1/served-model";
import type { Completion } from "@videor1/tgrpo";
import type { PolicyReply, ServedPolicy } from "./served-policy.ts";
import type { ServedHalf } from "./served-samples.ts";

/** What vLLM says for a log-probability that is none. */
const notANumber = -9999;

/**
 * A reply as completions of the policy.
 *
 * @throws {ServedModelError} SERVER_SETUP, if the server gives no token ids or log-probabilities, or ends completions by tokens
 * that do not end ours; REPLY_BROKEN, if another model answered, or the server itself cut a completion short.
 */
export function readHalf(reply: PolicyReply, policy: ServedPolicy, maxCompletionLength: number): ServedHalf {
  const { choices, promptTokenIds, model, server, ofOtherWeights } = reply;
  const fail = (code: "SERVER_SETUP" | "REPLY_BROKEN", problem: string, hint: string): never => {
    throw new ServedModelError(code, { server, problem, hint });
  };
  if (model !== undefined && model !== policy.model)
    fail("REPLY_BROKEN", `${model} answered in the place of ${policy.model}`, "Is a proxy between that names models?");
  if (promptTokenIds === undefined)
    return fail("SERVER_SETUP", "the server does not return the prompt's token ids", "Use vLLM 0.32 or later.");
  const completions = choices.map(({ tokenIds, logprobs, finishReason }): Completion => {
    if (tokenIds === undefined || logprobs === undefined || tokenIds.length === 0)
      return fail("SERVER_SETUP", "the server returns no token ids or log-probabilities", "Use vLLM 0.32 or later.");
    const last = tokenIds.at(-1)!;
    const isEnded = policy.endTokenIds.includes(last);
    if (finishReason === "stop" && !isEnded) {
      const problem = `the server ended a completion with token ${last}; ours end with ${policy.endTokenIds.join(", ")}`;
      fail(
        "SERVER_SETUP",
        problem,
        "Serve the folder that is trained, with its generation_config.json, and no stop texts.",
      );
    }
    if (!isEnded && tokenIds.length < maxCompletionLength) {
      const problem = `the server cut a completion after ${tokenIds.length} of ${maxCompletionLength} tokens`;
      fail("REPLY_BROKEN", problem, "Start it with a larger --max-model-len: prompt and completion must fit.");
    }
    const odd = logprobs.find((logprob) => logprob > 0);
    if (odd !== undefined || logprobs.every((logprob) => logprob <= notANumber)) {
      const problem = odd === undefined ? "no log-probability is a number" : `a log-probability is ${odd}, above 0`;
      fail("SERVER_SETUP", problem, "Its weights or its kernels are broken: look at its log, and start it again.");
    }
    return {
      completionIds: Int32Array.from(tokenIds),
      logps: Float32Array.from(logprobs, (logprob) => (logprob <= notANumber ? Number.NaN : logprob)),
      isTruncated: !isEnded,
    };
  });
  return { completions, policyVersion: policy.version, promptTokenIds, ofOtherWeights };
}

import { messages } from "@videor1/data";
import { randomStream } from "@videor1/random";
import { chatRequest, type ServedModel } from "@videor1/served-model";
import { numShuffled } from "@videor1/tgrpo";
import type { RlConfig } from "../config.ts";
import type { DrawnJob } from "../job.ts";
import { tgrpoOptions } from "../options.ts";
import { encodeOnce } from "./encode-once.ts";
import { readHalf } from "./read-half.ts";
import type { ReferenceLogps } from "./reference-logps.ts";
import type { PolicyReply, ServedPolicy } from "./served-policy.ts";
import type { JobSamples, ServedHalf, ServedSamples } from "./served-samples.ts";
import { unansweredReason } from "./unanswered-reason.ts";

/** Asks the model of a policy for all completions of one request. */
export type AskPolicy = (
  policy: ServedPolicy,
  ...request: Parameters<ServedModel["completeAll"]>
) => Promise<PolicyReply>;

/**
 * Completions of jobs from servers: every job is one request, a video under T-GRPO two, with its frames in the other order.
 * All that is drawn depends on the job's seed alone.
 */
export function servedSampler(config: RlConfig, ask: AskPolicy, score?: ReferenceLogps) {
  const { maxCompletionLength, temperature, topP, topK, numGenerations } = config.rollout;
  const options = tgrpoOptions(config);
  const sampling = { maxCompletionLength, temperature, topP, topK, doSample: true, logprobs: true };

  async function sampleJob(drawn: DrawnJob, policy: ServedPolicy, signal?: AbortSignal): Promise<JobSamples> {
    const { example, seed } = drawn;
    const turns = messages(example, { stage: "rl", ...config.data.prompt });
    const { ordered, permuted } = await drawn.media();
    const first = randomStream(seed, "served").int(2 ** 30);
    const encoded = encodeOnce({ ordered, ...(permuted && { permuted }) });
    const half = async (clips: typeof ordered, count: number, seed: number): Promise<ServedHalf> => {
      const request = async () =>
        await chatRequest({
          model: policy.model,
          messages: turns,
          clips: await encoded(clips),
          sampling: { ...sampling, numCompletions: count, seed },
          fields: { stop_token_ids: policy.endTokenIds },
        });
      const reply = await ask(policy, request, signal, example.path);
      const read = readHalf(reply, policy, maxCompletionLength);
      if (!score || clips !== ordered) return read; // the reference is that of trained completions
      const ids = read.completions.map(({ completionIds }) => completionIds);
      const refLogps = await score(await request(), ids, reply.server, signal);
      return {
        ...read,
        completions: read.completions.map((completion, i) => ({ ...completion, refLogps: refLogps[i]! })),
      };
    };
    const shuffled = permuted ? numShuffled(options) : 0;
    const halves = await Promise.allSettled([
      half(ordered, numGenerations, first),
      // completion i of a request has the seed + i
      ...(shuffled > 0 ? [half(permuted!.clips, shuffled, first + numGenerations)] : []),
    ]);
    const failures = halves.flatMap((end) => (end.status === "rejected" ? [end.reason as Error] : []));
    if (failures.length > 0) return { unanswered: unansweredReason(failures) };
    const [inOrder, other] = halves.map((end) => (end as PromiseFulfilledResult<ServedHalf>).value);
    return { ordered: inOrder!, ...(other && { permuted: other }) };
  }

  return async (jobs: readonly DrawnJob[], policy: ServedPolicy, signal?: AbortSignal): Promise<ServedSamples> => {
    const samples = await Promise.all(jobs.map((job) => sampleJob(job, policy, signal)));
    return Object.fromEntries(jobs.map(({ id }, i) => [id, samples[i]!]));
  };
}

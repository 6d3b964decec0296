import type { ProcessedRow } from "@videor1/processor-qwen25vl";
import { type ChatRequest, ServedModelError, type ServedReply } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import { differenceBounds, differenceText, isWithin, type LogpDifference, logpDifference } from "./logp-difference.ts";
import { probeTemperature, type ServerProbe } from "./server-probe.ts";

/** Log-probabilities [C] that the policy gives a completion of a prompt, logits divided by the temperature. */
export type LogpsOf = (
  row: ProcessedRow,
  completionIds: readonly number[],
  temperature: number,
) => Promise<ArrayLike<number>>;

export interface ServerComparison {
  probe: ServerProbe;
  config: RlConfig;
  /** Name of the policy on the server. */
  model: string;
  ask: (request: ChatRequest) => Promise<ServedReply>;
  logpsOf: LogpsOf;
}

/** What a server answered to the probe, and how far it is from the policy. */
export interface ComparedServer {
  tokenIds: readonly number[];
  logps: readonly number[];
  difference: LogpDifference;
  /** The least mean difference that a mistake would make of it: how well the probe sees mistakes. */
  nearestMistake: { mean: number; reason: string } | undefined;
}

/**
 * Compares what a server makes of the probe with what the policy makes of it.
 *
 * @throws {ServedModelError} SERVER_SETUP, if they are not the same, with what differs as far as it can be told.
 */
export async function compareServer(comparison: ServerComparison): Promise<ComparedServer> {
  const { probe, config, model, ask, logpsOf } = comparison;
  const bounds = differenceBounds(config);
  const reply = await ask(await probe.request(model));
  const { tokenIds, logps } = completionOf(reply);
  const differenceOf = async (row: ProcessedRow, temperature = 1) =>
    logpDifference(await logpsOf(row, tokenIds, temperature), logps);
  const difference = await differenceOf(probe.row);
  const mistakes: { mean: number; reason: string; isWithin: boolean }[] = [];
  for (const { row, reason } of probe.mistakes()) {
    const found = await differenceOf(row);
    mistakes.push({ mean: found.mean, reason, isWithin: isWithin(found, bounds) });
  }
  const nearest = mistakes.sort((a, b) => a.mean - b.mean)[0];
  if (isWithin(difference, bounds) && !(nearest && nearest.mean < difference.mean / 2))
    return { tokenIds, logps, difference, nearestMistake: nearest };

  const fail = (problem: string, hint: string): never => {
    throw new ServedModelError("SERVER_SETUP", { server: reply.server, problem, hint });
  };
  if (isWithin(await differenceOf(probe.row, probeTemperature), bounds)) {
    const { temperature, topP, topK } = config.rollout;
    if (temperature === 1 && topP === 1 && topK === 0) return { tokenIds, logps, difference, nearestMistake: nearest };
    fail(
      "the server gives log-probabilities of the distribution that it samples from, where the loss wants the model's own",
      "Start it without --logprobs-mode processed_logprobs; or set rollout temperature=1, topP=1, topK=0, where both are one.",
    );
  }
  const apart = `the server's log-probabilities are not the policy's: ${differenceText(difference)}, in nats (${tokenIds.length} tokens)`;
  if (nearest && nearest.mean < difference.mean / 2)
    return fail(
      `${apart}; it sees the clip ${nearest.reason}: ${nearest.mean.toPrecision(2)} in the mean`,
      "Use vLLM 0.32 with --trust-request-mm-kwargs, no --mm-processor-kwargs or --media-io-kwargs of its own, and the folder of the model that is trained.",
    );
  const text = await withoutMedia(comparison);
  if (text && isWithin(text, bounds))
    return fail(
      `${apart}; of the question without its media they are`,
      "It sees other pixels or positions, or has another vision tower: is its preprocessor_config.json ours, and do no --mm-processor-kwargs resize?",
    );
  return fail(
    text ? `${apart}; of the question without its media they are not either: ${differenceText(text)}` : apart,
    "It has another model or other weights; or another --dtype: raise rollout.server.check.maxDifference and meanDifference if it must.",
  );
}

async function withoutMedia({ probe, model, ask, logpsOf }: ServerComparison): Promise<LogpDifference | undefined> {
  try {
    const { tokenIds, logps } = completionOf(await ask(await probe.withoutMedia.request(model)));
    return logpDifference(await logpsOf(probe.withoutMedia.row, tokenIds, 1), logps);
  } catch {
    return undefined; // the first comparison says what is wrong
  }
}

function completionOf({ choices, server }: ServedReply): { tokenIds: readonly number[]; logps: readonly number[] } {
  const { tokenIds, logprobs } = choices[0]!;
  if (tokenIds !== undefined && tokenIds.length > 0 && logprobs !== undefined) return { tokenIds, logps: logprobs };
  const problem = "the server returns no token ids or log-probabilities";
  throw new ServedModelError("SERVER_SETUP", { server, problem, hint: "Use vLLM 0.32 or later." });
}

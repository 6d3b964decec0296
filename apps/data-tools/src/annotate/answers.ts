import type { ThoughtSample } from "@videor1/curation";
import { mediaFailureCodes, VideoBackendError } from "@videor1/data";
import { outputOf, type ServedReply } from "@videor1/served-model";

/** What has been paid for. */
export interface Usage {
  requests: number;
  /** Requests whose reply did not say its tokens. */
  unmetered: number;
  promptTokens: number;
  completionTokens: number;
}

/** Why a record has no thoughts. */
export interface Failure {
  code: string;
  reason: string;
}

/** What a journal holds of a record: its samples so far, or why there will be none. */
export interface Answers {
  /** Hash of the question that was asked. */
  asked: string;
  samples: ThoughtSample[];
  usage: Usage;
  failure?: Failure;
}

export const noUsage: Usage = { requests: 0, unmetered: 0, promptTokens: 0, completionTokens: 0 };

/** How many samples a record lacks. */
export function missingSamples(
  answers: Answers | undefined,
  { n, retryFailed }: { n: number; retryFailed: boolean },
): number {
  if (answers === undefined) return n;
  return answers.failure !== undefined && !retryFailed ? 0 : Math.max(0, n - answers.samples.length);
}

/** The answers with those of one more reply. */
export function withReply({ asked, samples, usage }: Answers, reply: ServedReply): Answers {
  const { choices } = reply;
  const own = choices.map((choice): ThoughtSample => {
    const tokens = choice.tokenIds?.length ?? (choices.length === 1 ? reply.usage?.completionTokens : undefined);
    return {
      output: outputOf(choice),
      finishReason: choice.finishReason,
      ...(tokens !== undefined && { completionTokens: tokens }),
    };
  });
  return {
    asked,
    samples: [...samples, ...own],
    usage: {
      requests: usage.requests + 1,
      unmetered: usage.unmetered + (reply.usage === undefined ? 1 : 0),
      promptTokens: usage.promptTokens + (reply.usage?.promptTokens ?? 0),
      completionTokens: usage.completionTokens + (reply.usage?.completionTokens ?? 0),
    },
  };
}

/**
 * The failure that an error of one record is.
 *
 * @throws The error itself, if it has no code, so that it is a fault of this program, or if no video can be read here.
 */
export function failureOf(error: unknown): Failure {
  const { code, message } = error as Error & { code?: unknown };
  if (typeof code !== "string" || error instanceof VideoBackendError) throw error;
  return { code: (mediaFailureCodes as Readonly<Record<string, string>>)[code] ?? code, reason: message };
}

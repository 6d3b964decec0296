/** A pool of workers that live one in each process of a run. */
import type { Peers } from "@videor1/launch";
import { type ErrorFields, errorFields, WorkerError } from "./worker-error.ts";
import type { Calls } from "./worker-messages.ts";
import { together, type WorkerPool } from "./worker-pool.ts";

type Outcome = { ok: true; value: object } | { ok: false; error: ErrorFields };

export interface RankPoolOptions {
  /**
   * How long a process whose worker failed waits for the others, whose workers mostly fail alike: then it leaves, so that none
   * waits for a worker that computes no more. Default 10.
   */
  graceSeconds?: number;
}

/**
 * `own`, the pool of this process's one worker, as part of a pool of one worker a process. The main threads make the same calls in
 * the same order; a call runs where its worker is, and its reply or error reaches all of them, in the order of the calls. Requests
 * are read, and buffers transferred, only where the worker is.
 *
 * @throws {WorkerError} From a call: what a worker threw; `rank` says whose.
 */
export function rankPool<C extends Calls<C>>(
  own: WorkerPool<C>,
  peers: Peers,
  { graceSeconds = 10 }: RankPoolOptions = {},
): WorkerPool<C> {
  const callWith: WorkerPool<C>["callWith"] = async (worker, name, make) => {
    const rank = worker % peers.size;
    const outcome = rank === peers.rank ? outcomeOf(own.callWith(0, name, make)) : null;
    const outcomes = await peers.gather("calls", outcome);
    return replyOf(outcomes[rank]!, rank);
  };
  const each: WorkerPool<C>["each"] = async (name, requestOf) => {
    const outcome = outcomeOf(own.callWith(0, name, async () => await requestOf(peers.rank)));
    let grace: NodeJS.Timeout | undefined;
    let failure: ErrorFields | undefined;
    void outcome.then((ended) => {
      if (ended.ok) return;
      failure = ended.error;
      const leave = () => peers.leave(`${String(name)} failed: ${ended.error.message}`);
      grace = setTimeout(leave, 1000 * graceSeconds);
    });
    try {
      const outcomes = await peers.gather("calls", outcome);
      return await together(outcomes.map(async (outcome, rank) => replyOf(outcome, rank)));
    } catch (error) {
      // this worker's own error says more than that the others have gone
      throw failure && !(error instanceof WorkerError) ? new WorkerError(failure, peers.rank) : error;
    } finally {
      clearTimeout(grace);
    }
  };
  return {
    size: peers.size,
    isOwn: (worker) => worker % peers.size === peers.rank,
    call: (worker, name, request) => callWith(worker, name, async () => ({ request })),
    callWith,
    each,
    all: (name, request) => each(name, () => ({ request })),
    allOwn: own.allOwn,
    close: own.close,
  };
}

/** A reply or an error as plain data. */
const outcomeOf = (reply: Promise<object>): Promise<Outcome> =>
  reply.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error: errorFields(error) }),
  );

function replyOf(outcome: Outcome, rank: number): never {
  if (outcome.ok) return outcome.value as never;
  throw new WorkerError(outcome.error, rank);
}

import type { Processor } from "@videor1/processor-qwen25vl";
import { checkServer, createServedModel, type ServerControl } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import type { Job } from "../job.ts";
import { type ComparedServer, compareServer, type LogpsOf } from "./compare-server.ts";
import { differenceBounds, differenceText, logpDifference } from "./logp-difference.ts";
import { checkMoved } from "./policy-moves.ts";
import { type ServerProbe, serverProbe } from "./server-probe.ts";

/** A server's answer to the probe after its first push, and what the policy made of it then. */
interface FirstAnswer extends ComparedServer {
  own: ArrayLike<number>;
}

export interface ServerChecksOptions {
  config: RlConfig;
  processor: Pick<Processor, "resize" | "row">;
  logpsOf: LogpsOf;
  apiKey: string | undefined;
}

/**
 * Compares every server with the policy after its first push, again after each push until one has certainly taken effect, and
 * from then on now and then. What is asked is the first job that is given.
 */
export function serverChecks({ config, processor, logpsOf, apiKey }: ServerChecksOptions) {
  const { timeoutSeconds, check } = config.rollout.server!;
  const first = new Map<string, FirstAnswer>();
  /** Pushes since the last comparison, of servers on which a push has certainly taken effect. */
  const pushes = new Map<string, number>();
  let probe: ServerProbe | undefined;

  async function compare({ server }: ServerControl, probe: ServerProbe, model: string): Promise<ComparedServer> {
    const client = createServedModel({ urls: [server], apiKey, timeoutSeconds, maxTries: 3, waitSeconds: 0 });
    return await compareServer({ probe, config, model, ask: (request) => client.completeAll(request), logpsOf });
  }

  return {
    /** A server that was away, or has lost what it was given, may be another one now: the next check compares it anew. */
    forget({ server }: Pick<ServerControl, "server">): void {
      first.delete(server);
      pushes.delete(server);
    },
    /**
     * @param job - Must be given the first time.
     * @returns Lines to print.
     * @throws {ServedModelError} SERVER_SETUP, with what differs; UNREACHABLE and others, if the server is away.
     */
    async check(control: ServerControl, model: string, job: Job | undefined): Promise<string[]> {
      if (job) probe ??= serverProbe(job, config, processor);
      if (!probe) throw new RangeError("serverChecks: the first check needs a job");
      const { server } = control;
      const known = first.get(server);
      if (!known) {
        const prompt = { request: await probe.request(model), ids: probe.row.inputIds };
        await checkServer({ url: server, model, apiKey, prompt, timeoutSeconds: Math.min(timeoutSeconds, 120) });
        const answer = await compare(control, probe, model);
        first.set(server, { ...answer, own: await logpsOf(probe.row, answer.tokenIds, 1) });
        return [lineOf(server, answer)];
      }
      const since = pushes.get(server);
      if (since !== undefined && since + 1 < check.every) {
        pushes.set(server, since + 1);
        return [];
      }
      const now = await compare(control, probe, model);
      const moved = logpDifference(await logpsOf(probe.row, known.tokenIds, 1), known.own);
      if (checkMoved(server, moved, [known, now], differenceBounds(config))) pushes.set(server, 0);
      return [];
    },
  };
}

function lineOf(server: string, { tokenIds, difference, nearestMistake }: ComparedServer): string {
  const agreed = `${server} sees what the policy sees: ${tokenIds.length} log-probabilities differ by ${differenceText(difference)}`;
  if (!nearestMistake) return `${agreed}.`;
  return `${agreed}; a server that saw the clip ${nearestMistake.reason} would by ${nearestMistake.mean.toPrecision(2)}.`;
}

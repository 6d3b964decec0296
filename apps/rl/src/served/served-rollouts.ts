import type { WorkerPool } from "@videor1/train";
import type { RlConfig } from "../config.ts";
import type { DrawnJob } from "../job.ts";
import type { RlCalls } from "../protocol.ts";
import { askServers } from "./ask-servers.ts";
import { awaitServers } from "./await-servers.ts";
import { checkServers } from "./check-servers.ts";
import { referenceLogps } from "./reference-logps.ts";
import type { ServedPolicy } from "./served-policy.ts";
import { servedSampler } from "./served-sampler.ts";
import type { ServedSamples } from "./served-samples.ts";
import { serverAccess } from "./server-access.ts";

/** Rollouts that servers draw, as a step asks for them. */
export interface StepRollouts {
  /**
   * Gives the policy as the workers have it to the servers; all ranks wait for it. Until it has succeeded once, it also
   * compares what the servers see of a job with what the policy sees.
   *
   * @param version - Steps of training behind the policy.
   */
  push(version: number, probe: DrawnJob): Promise<ServedPolicy>;
  /**
   * Completions of jobs that this process's worker will get, all asked at once; the workers may train meanwhile. The clips must
   * not have been handed over.
   *
   * @throws {ServedModelError} If no server answers any more, or one is set up wrongly.
   */
  sample(jobs: readonly DrawnJob[], policy: ServedPolicy, signal?: AbortSignal): Promise<ServedSamples>;
}

export interface ServedRollouts extends StepRollouts {
  /** Takes from the servers what they were given. */
  close(): Promise<void>;
}

/**
 * The rollouts of a run whose config names servers; undefined: the policy in this process draws them.
 *
 * @param signal - Ends every wait for servers.
 */
export async function openServedRollouts(
  config: RlConfig,
  pool: Pick<WorkerPool<RlCalls>, "call" | "callWith">,
  print: (line: string) => void,
  signal?: AbortSignal,
): Promise<ServedRollouts | undefined> {
  const { server } = config.rollout;
  if (!server) return undefined;
  await checkServers(server, process.env, signal);
  const { looks } = serverAccess(server, process.env);
  const score = server.referenceLogps ? referenceLogps(server, process.env) : undefined;
  const sample = servedSampler(config, askServers(server, process.env), score);
  let isChecked = false;
  return {
    async push(version, probe) {
      const { policy, lines } = await pool.callWith(0, "push", async () => {
        const waitSeconds = await awaitServers({ looks, waitSeconds: server.waitSeconds, print, signal });
        const media = isChecked ? undefined : await probe.media();
        return { request: { version, waitSeconds, ...(media && { probe: { ...probe, media } }) } };
      });
      isChecked = true;
      for (const line of lines) print(line);
      return policy;
    },
    sample,
    async close() {
      await pool.call(0, "retire", {});
    },
  };
}

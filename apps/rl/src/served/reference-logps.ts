import { setTimeout as sleep } from "node:timers/promises";
import { type ChatRequest, completionLogps, ServedModelError } from "@videor1/served-model";
import { isPassing } from "./is-passing.ts";
import type { RolloutServer } from "./rollout-server.ts";
import { serverAccess } from "./server-access.ts";

/** Log-probabilities that the servers' base model gives the completions of a prompt, first asked of the server that drew them. */
export type ReferenceLogps = (
  prompt: ChatRequest,
  completions: readonly ArrayLike<number>[],
  server: string,
  signal?: AbortSignal,
) => Promise<Float32Array[]>;

/**
 * Asks the servers of a config for the reference of the loss, in turns where one fails: `maxTries` times, and for `waitSeconds` where
 * none can be reached.
 */
export function referenceLogps(
  server: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
): ReferenceLogps {
  const { apiKey, controls } = serverAccess(server, environment);
  const { timeoutSeconds, maxTries, waitSeconds } = server;
  return async (prompt, completions, first, signal) => {
    const urls = controls.map((control) => control.server);
    const start = Math.max(0, urls.indexOf(first));
    const began = performance.now();
    let answeredBadly = 0;
    for (let tries = 1; ; tries++) {
      const url = urls[(start + tries - 1) % urls.length]!;
      try {
        const request = { ...prompt, model: server.model };
        return await completionLogps({ url, apiKey, timeoutSeconds, signal }, request, completions);
      } catch (error) {
        if (!isPassing(error)) throw error;
        const isAway = error.code === "UNREACHABLE";
        if (!isAway) answeredBadly += 1;
        if (answeredBadly >= maxTries) throw error;
        if (isAway && performance.now() - began > waitSeconds * 1000) throw away(urls, waitSeconds, error);
        await sleep(Math.min(10_000, 250 * 2 ** tries), undefined, signal && { signal });
      }
    }
  };
}

const away = (urls: readonly string[], waitSeconds: number, cause: ServedModelError) =>
  new ServedModelError("SERVERS_DOWN", {
    problem: `none of ${urls.join(", ")} could be reached for ${waitSeconds} s`,
    hint: "Start them again, and the run with the same command: it goes on from its checkpoint.",
    cause,
  });

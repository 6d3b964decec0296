import {
  createServedModel,
  readApiKey,
  type ServedModel,
  ServedModelError,
  serverControl,
} from "@videor1/served-model";
import { giveToServer } from "./give-to-server.ts";
import type { RolloutServer } from "./rollout-server.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { AskPolicy } from "./served-sampler.ts";

/** Times that a policy is given again to servers that have lost it, while one request is asked. */
const mostGifts = 3;

/**
 * Asks the servers of a config; one that comes back, or says that it does not know the policy, is given it again first.
 *
 * @throws {ServedModelError} OPTIONS, if an address or the key's variable cannot be used.
 */
export function askServers(
  server: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
): AskPolicy {
  const { urls, apiKeyVariable, timeoutSeconds, maxTries, waitSeconds, concurrency } = server;
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, environment);
  const controls = new Map(
    urls.map((url) => {
      const control = serverControl(url, { apiKey, timeoutSeconds: server.pushSeconds });
      return [control.server, control];
    }),
  );
  const giving = new Map<string, Promise<void>>();
  let newest: ServedPolicy | undefined;

  const give = (address: string, policy: ServedPolicy): Promise<void> => {
    const key = JSON.stringify([address, policy.model, policy.version]);
    const begun = giving.get(key);
    if (begun) return begun;
    const given = giveToServer(controls.get(address)!, policy).finally(() => giving.delete(key));
    giving.set(key, given);
    return given;
  };
  const client: ServedModel = createServedModel({
    urls,
    apiKey,
    timeoutSeconds,
    maxTries,
    waitSeconds,
    concurrency: concurrency * urls.length,
    prepare: async (address) => {
      if (newest) await give(address, newest);
    },
  });

  return async (policy, request, signal, affinity) => {
    if (newest === undefined || policy.version >= newest.version) newest = policy;
    for (let gifts = 0; ; gifts++) {
      try {
        return await client.completeAll(request, signal, affinity);
      } catch (error) {
        if (!(error instanceof ServedModelError) || error.status !== 404 || gifts === mostGifts) throw error;
        await give(error.server!, policy);
      }
    }
  };
}

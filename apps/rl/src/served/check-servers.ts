import { checkCompletionLogps, checkDialect } from "@videor1/served-model";
import { isPassing } from "./is-passing.ts";
import type { RolloutServer } from "./rollout-server.ts";
import { serverAccess } from "./server-access.ts";
import { unlessStopped } from "./unless-stopped.ts";

/**
 * Whether the servers of a config can be asked at all what a run asks. One that is away is left alone: it is compared with the
 * policy when it is back.
 *
 * @throws {ServedModelError} SERVER_SETUP, with the reason.
 * @throws the signal's reason once it is aborted.
 */
export async function checkServers(
  server: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<void> {
  const { apiKey, controls } = serverAccess(server, environment);
  const checks = controls.map(async ({ server: url }) => {
    try {
      await checkDialect({ url, apiKey });
      if (server.referenceLogps) await checkCompletionLogps({ url, apiKey, timeoutSeconds: 120 });
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  });
  await unlessStopped(Promise.all(checks), signal);
}

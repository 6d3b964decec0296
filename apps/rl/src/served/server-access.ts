import { readApiKey, type ServerControl, serverControl } from "@videor1/served-model";
import type { RolloutServer } from "./rollout-server.ts";

/** The servers of a config, and their key. @throws {ServedModelError} OPTIONS, if an address or the key cannot be used. */
export function serverAccess(
  { urls, apiKeyVariable, pushSeconds }: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
): { apiKey: string | undefined; controls: ServerControl[] } {
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, environment);
  return { apiKey, controls: urls.map((url) => serverControl(url, { apiKey, timeoutSeconds: pushSeconds })) };
}

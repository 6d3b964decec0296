import { readApiKey, type ServerControl, serverControl } from "@videor1/served-model";
import type { RolloutServer } from "./rollout-server.ts";

/** A server that has not answered a look after so many seconds is away. */
const lookSeconds = 5;

/** The servers of a config, and their key; `looks` are the same for calls that end soon. @throws {ServedModelError} OPTIONS, if an address or the key cannot be used. */
export function serverAccess(
  { urls, apiKeyVariable, pushSeconds }: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
): { apiKey: string | undefined; controls: ServerControl[]; looks: ServerControl[] } {
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, environment);
  const within = (timeoutSeconds: number) => urls.map((url) => serverControl(url, { apiKey, timeoutSeconds }));
  return { apiKey, controls: within(pushSeconds), looks: within(Math.min(lookSeconds, pushSeconds)) };
}

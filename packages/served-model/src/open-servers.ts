import { readApiKey } from "./api-key.ts";
import { checkServer, type ServerFacts } from "./check-server.ts";
import { createServedModel, type ServedModel } from "./served-model.ts";
import { ServedModelError, type ServedModelErrorCode } from "./served-model-error.ts";
import type { ServerOptions } from "./server-options.ts";

/** A model on the servers of a config's section. */
export interface OpenedServers extends ServedModel {
  /** Requests in flight at most, of all servers together. */
  concurrency: number;
  /**
   * Whether the servers are set up for what they will be asked. One that is away is left out until it answers.
   *
   * @param print - Receives a line a server.
   * @throws {ServedModelError} As `checkServer`, if one is set up otherwise, or all are away.
   */
  check(print: (line: string) => void): Promise<ServerFacts[]>;
}

/**
 * The client of a model on the servers that a config names.
 *
 * @throws {ServedModelError} OPTIONS, if an address or the key's variable cannot be used.
 */
export function openServers(
  model: string,
  server: ServerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): OpenedServers {
  const { urls, apiKeyVariable, timeoutSeconds, maxTries, dialect, videoAs } = server;
  const apiKey = apiKeyVariable === undefined ? undefined : readApiKey(apiKeyVariable, environment);
  const concurrency = server.concurrency * urls.length;
  return {
    ...createServedModel({ urls, model, timeoutSeconds, maxTries, concurrency, apiKey }),
    concurrency,
    async check(print) {
      const check = { model, apiKey, dialect, videoAs, timeoutSeconds: Math.min(timeoutSeconds, 120) };
      const checked = await Promise.allSettled(urls.map((url) => checkServer({ ...check, url })));
      const failures = checked.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
      const wrong =
        failures.find((error) => !isAway(error)) ?? (failures.length === urls.length ? failures[0] : undefined);
      if (wrong !== undefined) throw wrong;
      for (const { message } of failures) print(`Left out until it answers: ${message}`);
      const facts = checked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      for (const { server, root, maxModelLen } of facts) {
        const about = [root, maxModelLen && `${maxModelLen} tokens at the most`].filter(Boolean).join(", ");
        print(`${model} at ${server}${about && ` (${about})`}`);
      }
      return facts;
    },
  };
}

/** Whether a server may come back, which others can stand in for. */
const isAway = (error: unknown): boolean =>
  error instanceof ServedModelError && (error.code === "UNREACHABLE" || error.code === "TIMED_OUT");

/** After these no server answers any question. */
const fatalCodes: readonly ServedModelErrorCode[] = ["OPTIONS", "SERVERS_DOWN", "SERVER_SETUP"];

/** Of a refused request: the key, or the model's name, is wrong for every other question too. */
const fatalStatuses: readonly (number | undefined)[] = [401, 403, 404];

/** Whether no question can be answered after this error. */
export const isFatalForAll = (error: unknown): boolean =>
  error instanceof ServedModelError &&
  (fatalCodes.includes(error.code) || (error.code === "REQUEST_REFUSED" && fatalStatuses.includes(error.status)));

import { randomBytes } from "node:crypto";
import { createServedModel, type ServedModel, ServedModelError } from "@videor1/served-model";
import { giveAmongGivers } from "./give-among-givers.ts";
import { giveToServer, hasPolicy } from "./give-to-server.ts";
import { reasonOfTimeOut } from "./paused-server.ts";
import type { RolloutServer } from "./rollout-server.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { AskPolicy } from "./served-sampler.ts";
import { serverAccess } from "./server-access.ts";

/** Times that a server is given a policy again, while one request is asked. */
const mostGifts = 3;

/**
 * Asks the servers that have a policy. One that comes back, or has lost the policy, is given it again first; an answer of other
 * weights is thrown away and asked again.
 *
 * @throws {ServedModelError} OPTIONS, if an address or the key's variable cannot be used.
 */
export function askServers(
  server: RolloutServer,
  environment: Readonly<Record<string, string | undefined>>,
): AskPolicy {
  const { timeoutSeconds, maxTries, waitSeconds, concurrency } = server;
  const { apiKey, controls, looks } = serverAccess(server, environment);
  const byAddress = new Map(controls.map((control) => [control.server, control]));
  const giving = new Map<string, Promise<void>>();
  const giver = randomBytes(6).toString("hex");
  let newest: ServedPolicy | undefined;

  /** Of a time-out, also of one that all servers' absence is owed to. */
  async function reasonOf(error: unknown): Promise<unknown> {
    if (!(error instanceof ServedModelError)) return error;
    const { code, cause } = error;
    const late = code === "SERVERS_DOWN" && cause instanceof ServedModelError ? cause : error;
    const look = looks.find(({ server }) => server === late.server);
    const reason = look ? await reasonOfTimeOut(late, look) : late;
    if (reason === late) return error;
    return code === "TIMED_OUT"
      ? reason
      : new ServedModelError(code, { problem: reason.message, hint: reason.hint, cause });
  }

  /** Once for all requests that find it missing at a time. */
  const give = (address: string, policy: ServedPolicy): Promise<void> => {
    const key = JSON.stringify([address, policy.folder]);
    const begun = giving.get(key);
    if (begun) return begun;
    const control = byAddress.get(address)!;
    const give =
      policy.push === "weights"
        ? giveAmongGivers(control, policy, { giver, waitSeconds: server.pushSeconds })
        : giveToServer(control, policy);
    const given = give.finally(() => giving.delete(key));
    giving.set(key, given);
    return given;
  };
  const client: ServedModel = createServedModel({
    urls: controls.map((control) => control.server),
    apiKey,
    timeoutSeconds,
    maxTries,
    waitSeconds,
    concurrency: concurrency * controls.length,
    async prepare(address) {
      if (!newest?.servers.includes(address)) throw notCompared(address);
      await give(address, newest);
    },
  });

  return async (policy, request, signal, affinity) => {
    if (newest === undefined || policy.version >= newest.version) newest = policy;
    let ofOtherWeights = 0;
    for (let gifts = 0; ; gifts++) {
      let address: string;
      try {
        const reply = await client.completeAll(request, signal, affinity);
        address = reply.server;
        if (policy.push === "adapter" || (await hasPolicy(byAddress.get(address)!, policy)))
          return { ...reply, ofOtherWeights };
        ofOtherWeights += reply.choices.length;
      } catch (error) {
        const isUnknown = error instanceof ServedModelError && error.status === 404 && error.server !== undefined;
        if (!isUnknown || gifts === mostGifts) throw await reasonOf(error);
        address = error.server!;
      }
      if (gifts === mostGifts) throw otherWeights(address);
      await give(address, policy);
    }
  };
}

const notCompared = (server: string) =>
  new ServedModelError("SERVER_SETUP", {
    server,
    problem: "the server was away at the last push, and has not been compared with the policy yet",
    hint: "The next push, before the next step, makes it take part.",
  });

const otherWeights = (server: string) =>
  new ServedModelError("SERVER_SETUP", {
    server,
    problem: "the server has other weights than this run's, again and again",
    hint: "Does another run push to it? Whole weights want servers of their own; adapters can share them.",
  });

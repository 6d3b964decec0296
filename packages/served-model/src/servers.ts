import { createHash } from "node:crypto";
import { ServedModelError } from "./served-model-error.ts";
import type { ServerUrl } from "./server-url.ts";
import type { Surroundings } from "./surroundings.ts";

/** A server, and what is known of it. */
export interface Server extends ServerUrl {
  /** Completions being made. */
  inFlight: number;
  isUp: boolean;
  /** The moment from which it may be asked again, after it said that there were too many requests. */
  freeAt: number;
  /** Why it is not up. */
  reason?: ServedModelError;
  nextCheckAt: number;
  checkInterval: number;
  checking?: Promise<void> | undefined;
}

export interface Servers {
  /**
   * The server with the fewest completions in flight that is up and takes requests; waits for one.
   * @param count - Completions that it will make.
   * @param affinity - Requests of one affinity go to one server, whose caches know it, as long as its load is not above 5/4 of
   * the mean.
   * @throws {ServedModelError} SERVERS_DOWN, once no server has been up for `waitSeconds`.
   */
  take(count: number, signal?: AbortSignal, affinity?: string): Promise<Server>;
  release(server: Server, count: number): void;
  /** The server is asked for its health before it is asked anything else. */
  doubt(server: Server, reason: ServedModelError): void;
  /** The server takes no requests for so long. */
  pause(server: Server, seconds: number): void;
}

/** A dead server is asked for its health after a second, later ones twice as long, at most: */
const longestCheckInterval = 30;

/**
 * @param isHealthy - Whether the server answers that it can work; may reject with what keeps it from that.
 * @param isUp - Whether the servers are asked without a look at their health first.
 * @param waitSeconds - How long all servers may be down before it is given up; later calls then fail at once until one is back.
 */
export function createServers(
  urls: readonly ServerUrl[],
  isHealthy: (server: ServerUrl) => Promise<boolean>,
  waitSeconds: number,
  { now, sleep }: Pick<Surroundings, "now" | "sleep">,
  isUp = true,
): Servers {
  const servers = urls.map((url): Server => {
    return { ...url, inFlight: 0, isUp, freeAt: 0, nextCheckAt: 0, checkInterval: 1 };
  });
  let lastUpAt = now();

  async function check(server: Server): Promise<void> {
    let isUp = false;
    try {
      isUp = await isHealthy(server);
    } catch (error) {
      if (error instanceof ServedModelError) server.reason = error;
    }
    server.isUp = isUp;
    server.checking = undefined;
    if (isUp) lastUpAt = now();
    server.nextCheckAt = now() + server.checkInterval;
    server.checkInterval = isUp ? 1 : Math.min(longestCheckInterval, server.checkInterval * 2);
  }
  function beginChecks(): Promise<void>[] {
    const down = servers.filter(({ isUp }) => !isUp);
    for (const server of down) {
      if (server.nextCheckAt <= now()) server.checking ??= check(server);
    }
    return down.flatMap(({ checking }) => checking ?? []);
  }

  return {
    async take(count, signal, affinity) {
      while (true) {
        signal?.throwIfAborted();
        const checks = beginChecks();
        const up = servers.filter(({ isUp }) => isUp);
        if (up.length > 0) lastUpAt = now();
        const best = bestOf(
          up.filter(({ freeAt }) => freeAt <= now()),
          count,
          affinity,
        );
        if (best) {
          best.inFlight += count;
          return best;
        }
        if (checks.length > 0) await firstOf(checks, signal);
        else if (up.length > 0)
          await sleep(Math.max(0.01, Math.min(...up.map(({ freeAt }) => freeAt)) - now()), signal);
        else if (now() - lastUpAt >= waitSeconds) throw allDown(servers, now() - lastUpAt);
        else await sleep(Math.max(0.01, Math.min(...servers.map(({ nextCheckAt }) => nextCheckAt)) - now()), signal);
      }
    },
    release(server, count) {
      server.inFlight -= count;
    },
    doubt(server, reason) {
      if (!server.isUp) return;
      lastUpAt = now();
      server.isUp = false;
      server.reason = reason;
      server.nextCheckAt = now();
    },
    pause(server, seconds) {
      server.freeAt = Math.max(server.freeAt, now() + seconds);
    },
  };
}

/** @see arXiv:1608.01350, consistent hashing with bounded loads */
function bestOf(servers: readonly Server[], count: number, affinity: string | undefined): Server | undefined {
  const byLoad = servers.toSorted((a, b) => a.inFlight - b.inFlight);
  if (affinity === undefined) return byLoad[0];
  const load = servers.reduce((sum, { inFlight }) => sum + inFlight, count);
  const bound = Math.max(count, Math.ceil((1.25 * load) / servers.length));
  const rankOf = ({ base }: Server) =>
    createHash("sha256")
      .update(JSON.stringify([base, affinity]))
      .digest("hex");
  const ranked = byLoad.map((server) => ({ server, rank: rankOf(server) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return ranked.find(({ server }) => server.inFlight + count <= bound)?.server ?? byLoad[0];
}

/** Until the first is done. @throws the signal's reason once it is aborted. */
async function firstOf(checks: readonly Promise<void>[], signal: AbortSignal | undefined): Promise<void> {
  const race = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: race.signal });
  });
  await Promise.race([...checks, aborted]).finally(() => race.abort());
}

function allDown(servers: readonly Server[], seconds: number): ServedModelError {
  const each = servers.map(({ base, reason }) => (reason ? reason.message : `${base}: not healthy`));
  const [first] = servers;
  return new ServedModelError("SERVERS_DOWN", {
    problem: `No server has answered for ${Math.round(seconds)} s: ${each.join("; ")}`,
    hint: "Start the server again (its own log says why it ended); a run goes on where it stopped.",
    cause: first?.reason,
  });
}

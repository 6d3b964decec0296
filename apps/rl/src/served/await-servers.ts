import { setTimeout as sleep } from "node:timers/promises";
import type { ServedModelError, ServerControl } from "@videor1/served-model";
import { isPassing } from "./is-passing.ts";
import { unlessStopped } from "./unless-stopped.ts";

/** Seconds between looks for servers when all are away. */
const pauseSeconds = 2;

export interface AwaitServersOptions {
  /** The servers, for calls that end soon. */
  looks: readonly Pick<ServerControl, "models">[];
  waitSeconds: number;
  print: (line: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Waits until a server answers, and says so at once if none does.
 *
 * @returns The seconds of `waitSeconds` that are left, 0 if no server has come.
 * @throws the signal's reason once it is aborted.
 */
export async function awaitServers({ looks, waitSeconds, print, signal }: AwaitServersOptions): Promise<number> {
  const began = performance.now();
  for (let isTold = false; ; isTold = true) {
    const away = await unlessStopped(reasonsAway(looks), signal);
    const left = Math.max(0, waitSeconds - (performance.now() - began) / 1000);
    if (!away || left === 0) return left;
    if (!isTold)
      print(
        `No server answers, waiting for one up to ${waitSeconds} s: ${away.map(({ message }) => message).join("; ")}`,
      );
    await unlessStopped(sleep(1000 * Math.min(pauseSeconds, left)), signal);
  }
}

/** Why each server is away; undefined as soon as one answers, be it that it is set up wrongly: a push then says more. */
async function reasonsAway(looks: AwaitServersOptions["looks"]): Promise<ServedModelError[] | undefined> {
  const reasons: ServedModelError[] = [];
  const isThere = looks.map(async (control) => {
    await control.models().catch((error) => {
      if (!isPassing(error)) return;
      reasons.push(error);
      throw error;
    });
  });
  return await Promise.any(isThere).then(
    () => undefined,
    () => reasons,
  );
}

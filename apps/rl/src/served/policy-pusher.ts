import { createHash, randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { basename, join, posix, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeFolder } from "@videor1/runs";
import { ServedModelError, type ServerControl } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import type { Job } from "../job.ts";
import { giveToServer } from "./give-to-server.ts";
import { isPassing } from "./is-passing.ts";
import { pausedError, reasonOfTimeOut } from "./paused-server.ts";
import { pushOf } from "./rollout-server.ts";
import { type ServedPolicy, weightsLabel } from "./served-policy.ts";
import type { serverChecks } from "./server-checks.ts";

export interface PolicyPusherOptions {
  config: RlConfig;
  controls: readonly ServerControl[];
  /** The same servers in the same order, for calls that end soon. */
  looks: readonly ServerControl[];
  checks: Pick<ReturnType<typeof serverChecks>, "check" | "forget">;
  /** Writes the policy as it stands: an adapter, or a whole model. */
  write(folder: string): Promise<void>;
  endTokenIds: readonly number[];
}

/** Seconds between looks for servers when all are away, and before a folder that a server does not see yet is tried again. */
const pauseSeconds = 2;

/**
 * Gives versions of the policy to the servers: each in a folder and under a name of its own, which no other run and no other
 * start of this run has. Of the older ones so many stay that requests under way can end; an adapter is unloaded from every
 * server before its folder is deleted. A server that is away gets the policy when it comes back.
 */
export function policyPusher({ config, controls, looks, checks, write, endTokenIds }: PolicyPusherOptions) {
  const { folder: root, serverFolder = resolve(root), model: base } = config.rollout.server!;
  const { maxAdapters = config.rollout.maxStaleness + 2 } = config.rollout.server!;
  const push = pushOf(config);
  const run = runName(config.outputDir);
  const session = randomBytes(3).toString("hex");
  const told = (control: ServerControl) => async (error: unknown) => {
    throw await reasonOfTimeOut(error, looks[controls.indexOf(control)]!);
  };
  const kept: Omit<ServedPolicy, "servers">[] = [];
  const cleared = new Set<ServerControl>();
  const remove = (name: string) => rmSync(join(root, name), { recursive: true, force: true });

  /**
   * The servers that answer soon: no other is waited for. One that was away, or lacks what it was given, may have been started
   * again as another one, and is compared anew.
   */
  async function look(version: number): Promise<{ done: ServerControl[]; away: ServedModelError[] }> {
    const given = kept.filter((policy) => policy.version < version);
    const ends = await unlessAway(controls, async (control) => {
      const quick = looks[controls.indexOf(control)]!;
      const models = await quick.models();
      const label = push === "weights" && given.length > 0 ? await quick.weightVersion() : undefined;
      const hasIt = (policy: (typeof given)[number]) => models.some(({ id }) => id === policy.model);
      const isSame = label === undefined ? given.every(hasIt) : label === weightsLabel(given.at(-1)!);
      if (!isSame) checks.forget(control);
    });
    for (const control of controls) if (!ends.done.includes(control)) checks.forget(control);
    return ends;
  }

  async function retire(count: number, present: readonly ServerControl[]): Promise<void> {
    while (kept.length > count) {
      const { model, folder } = kept.shift()!;
      try {
        if (push === "adapter") await unlessAway(present, (control) => control.unloadAdapter(model));
      } finally {
        remove(posix.basename(folder));
      }
    }
  }

  /** Adapters that an earlier start of this run left on a server, when it was killed. */
  async function unloadLeftovers(control: ServerControl): Promise<void> {
    if (push !== "adapter" || cleared.has(control)) return;
    const own = `${run}-${session}-`;
    for (const { id } of await control.models())
      if (id.startsWith(`${run}-`) && !id.startsWith(own)) await control.unloadAdapter(id);
    cleared.add(control);
  }

  /** Folders that earlier starts of this run left when they were killed. */
  function removeLeftovers(): void {
    const name = new RegExp(`^${run.replaceAll(".", "\\.")}-(?!${session})[0-9a-f]{6}-v\\d+(\\.tmp)?$`);
    for (const entry of readdirSync(root)) if (name.test(entry)) remove(entry);
  }

  /** A paused server takes adapters, and answers no question. */
  async function pausedLines(present: readonly ServerControl[]): Promise<string[]> {
    const errors = await Promise.all(present.map((control) => pausedError(looks[controls.indexOf(control)]!)));
    return errors.flatMap((error) => (error ? [`Warning: ${error.message}. ${error.hint}`] : []));
  }

  /** Gives it to every server that is there, and checks those. @throws {ServedModelError} SERVERS_DOWN, if none is for so long. */
  async function giveToAll(
    policy: Omit<ServedPolicy, "servers">,
    job: Job | undefined,
    looked: Awaited<ReturnType<typeof look>>,
    waitSeconds: number,
  ) {
    const began = performance.now();
    for (let seen = looked; ; seen = await look(policy.version)) {
      const { done, away } = await unlessAway(seen.done, async (control) => {
        await unloadLeftovers(control);
        await whileFolderIsLate(() => giveToServer(control, policy)).catch(told(control));
      });
      away.unshift(...seen.away);
      const checked: string[] = [];
      const lines: string[] = [];
      for (const control of done) {
        const ends = await unlessAway([control], async () => {
          lines.push(...(await checks.check(control, policy.model, job).catch(told(control))));
        });
        checked.push(...ends.done.map(({ server }) => server));
        away.push(...ends.away);
      }
      if (push === "adapter") lines.push(...(await pausedLines(seen.done)));
      lines.push(...away.map(({ message }) => `Left out until it answers: ${message}`));
      if (checked.length > 0) {
        if (kept.length === 1) removeLeftovers();
        return { servers: checked, lines };
      }
      const seconds = (performance.now() - began) / 1000;
      if (seconds >= waitSeconds) throw allAway(away, seconds);
      await sleep(1000 * Math.min(pauseSeconds, Math.max(0.01, waitSeconds - seconds)));
    }
  }

  return {
    /**
     * Writes the policy as it stands and gives it to every server.
     *
     * @param job - What servers are compared with the policy on; must be given the first time.
     * @param waitSeconds - How long no server may take it.
     * @throws {ServedModelError} SERVER_SETUP, if a server does not take it, or sees something else than the policy;
     * SERVERS_DOWN, if none is there.
     */
    async push(
      version: number,
      job: Job | undefined,
      waitSeconds = config.rollout.server!.waitSeconds,
    ): Promise<{ policy: ServedPolicy; lines: string[] }> {
      const name = `${run}-${session}-v${version}`;
      const model = push === "adapter" ? name : base;
      const policy = { version, push, model, folder: posix.join(serverFolder, name), endTokenIds };
      await writeFolder(join(root, name), write);
      const looked = await look(version);
      await retire(push === "adapter" ? maxAdapters - 1 : 1, looked.done);
      kept.push(policy);
      const { servers, lines } = await giveToAll(policy, job, looked, waitSeconds);
      return { policy: { ...policy, servers }, lines };
    },
    /** Unloads and deletes what is left, at the end of a run. */
    async close(): Promise<void> {
      if (kept.length > 0) await retire(0, (await look(Number.POSITIVE_INFINITY)).done);
    },
  };
}

/** The last name of a run's folder, as servers take it, and a few digits that tell it from others of that name. */
export function runName(outputDir: string): string {
  const digits = createHash("sha256").update(resolve(outputDir)).digest("hex").slice(0, 6);
  return `${basename(outputDir).replace(/[^\w.-]/g, "_")}-${digits}`;
}

/** Servers that are away are told, any other error is thrown. */
async function unlessAway(
  controls: readonly ServerControl[],
  call: (control: ServerControl) => Promise<unknown>,
): Promise<{ done: ServerControl[]; away: ServedModelError[] }> {
  const ends = await Promise.allSettled(controls.map(call));
  const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as Error] : []));
  const wrong = failures.find((error) => !isAway(error));
  if (wrong) throw wrong;
  return { done: controls.filter((_, i) => ends[i]!.status === "fulfilled"), away: failures as ServedModelError[] };
}

/** Also one that was started again since it got the policy, and does not know it. */
const isAway = (error: Error): boolean =>
  isPassing(error) ||
  (error instanceof ServedModelError &&
    (error.code === "SERVERS_DOWN" || (error.code === "REQUEST_REFUSED" && error.status === 404)));

/** A file system that machines share may show a new folder late. */
async function whileFolderIsLate(give: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await give();
    } catch (error) {
      const isLate = error instanceof ServedModelError && error.code === "SERVER_SETUP" && error.status === 404;
      if (!isLate || tries === 3) throw error;
      await sleep(1000 * pauseSeconds);
    }
  }
}

const allAway = (away: readonly ServedModelError[], seconds: number) =>
  new ServedModelError("SERVERS_DOWN", {
    problem: `No server has taken the policy for ${Math.round(seconds)} s: ${away.map(({ message }) => message).join("; ")}`,
    hint:
      away.find(({ cause }) => cause instanceof ServedModelError)?.hint ?? // what is known beyond that it is away
      "Start the servers again (their own logs say why they ended); the same command goes on from the checkpoint.",
    cause: away[0],
  });

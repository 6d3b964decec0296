import { setTimeout as sleep } from "node:timers/promises";
import { ServedModelError, type ServerControl } from "@videor1/served-model";
import { giveToServer } from "./give-to-server.ts";
import { type ServedPolicy, weightsLabel } from "./served-policy.ts";

/** Seconds that a claim must stand, and between looks at a server that another giver is at. */
const settleSeconds = 1;
const isClaim = (label: string): boolean => label.startsWith("claimed-");

/**
 * Gives whole weights to a server that several processes may find without them at a time: two that read weights at once end its
 * engine. One claims it by its label first, the others wait until it has the policy.
 *
 * @param giver - A name that no other process has.
 * @param waitSeconds - How long others may take.
 * @throws {ServedModelError} TIMED_OUT; and as `giveToServer`.
 */
export async function giveAmongGivers(
  control: ServerControl,
  policy: ServedPolicy,
  { giver, waitSeconds }: { giver: string; waitSeconds: number },
): Promise<void> {
  const claim = `claimed-${giver}`;
  const began = performance.now();
  while (true) {
    const label = await control.weightVersion();
    if (label === weightsLabel(policy)) return;
    if ((label === claim || !isClaim(label)) && !(await control.isPaused())) {
      await control.setWeightVersion(claim);
      await sleep(1000 * settleSeconds);
      if ((await control.weightVersion()) === claim && !(await control.isPaused())) {
        return await giveToServer(control, policy).catch(async (error) => {
          await control.setWeightVersion("default").catch(() => {}); // others may try
          throw error;
        });
      }
    }
    if (performance.now() - began > 1000 * waitSeconds) throw neverGiven(control.server, waitSeconds);
    await sleep(1000 * settleSeconds);
  }
}

const neverGiven = (server: string, seconds: number) =>
  new ServedModelError("TIMED_OUT", {
    server,
    problem: `another process of this run, or another program, keeps it claimed or paused, and gave it no weights within ${seconds} s`,
    hint: "Start the server again: the next push gives it the policy.",
  });

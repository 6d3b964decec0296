import type { Environment, Ranks } from "../ranks.ts";
import { allOrNone, given, placeOf, portFrom, wholeNumber } from "../variables.ts";

const needed = ["RANK", "WORLD_SIZE"] as const;
const meeting = ["MASTER_ADDR", "MASTER_PORT"] as const;

/** Whether torchrun itself has started the process, and not a manifest or a script that sets the same variables. */
export const isTorchrun = (env: Environment): boolean => given(env, ["TORCHELASTIC_RUN_ID"]).length > 0;

/**
 * MASTER_PORT; where torchrun serves a store of its own there, another port of the same machine, which is rank 0's too. That store
 * talks the protocol of torchrun's version of torch, which is not that of every other: 1.13 and 2.x do not understand each other.
 */
function portOf(env: Environment): number {
  const port = env.MASTER_PORT ? wholeNumber(env, "MASTER_PORT", 1, 65_535) : 29_500;
  return env.TORCHELASTIC_USE_AGENT_STORE === "True" ? portFrom(port + 9973) : port;
}

/**
 * RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT: those of torchrun, which JobSet, PyTorchJob and scripts set too.
 *
 * @see pytorch.org/docs/stable/elastic/run.html, environment variables
 */
export function torchrunRanks(env: Environment): Ranks | undefined {
  const launcher = isTorchrun(env) ? "torchrun" : "the environment";
  if (!allOrNone(env, needed, launcher)) return undefined;
  const place = placeOf(env, { rank: "RANK", size: "WORLD_SIZE" });
  const isAlone = place.size === 1;
  if (!isAlone) allOrNone(env, [...needed, ...meeting], launcher);
  return {
    ...place,
    localRank: env.LOCAL_RANK ? wholeNumber(env, "LOCAL_RANK", 0, place.size - 1) : 0,
    ...(env.LOCAL_WORLD_SIZE && { localSize: wholeNumber(env, "LOCAL_WORLD_SIZE", 1, place.size) }),
    master: { host: env.MASTER_ADDR || "localhost", port: portOf(env) },
    restart: env.TORCHELASTIC_RESTART_COUNT ? wholeNumber(env, "TORCHELASTIC_RESTART_COUNT", 0) : 0,
    launcher: `${launcher} (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT)`,
  };
}

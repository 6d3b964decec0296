import { type Environment, LaunchError, readRanks } from "@videor1/launch";
import type { Finding } from "../finding.ts";

const name = "ranks";

/** What a launcher says of this process. */
export function checkRanks(env: Environment = process.env): Finding {
  try {
    const ranks = readRanks(env);
    if (ranks === undefined)
      return { name, state: "ok", what: "no launcher: one process, of any number of GPUs it uses one" };
    const { rank, size, localRank, master, launcher } = ranks;
    const what = `rank ${rank} of ${size}, local rank ${localRank}, meeting at ${master.host}:${master.port}, by ${launcher}`;
    return { name, state: "ok", what };
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    return { name, state: "wrong", what: error.message, hint: error.hint };
  }
}

import { expandHosts } from "../expand-hosts.ts";
import type { Environment, Ranks } from "../ranks.ts";
import { allOrNone, masterPort, placeOf, portFrom, wholeNumber } from "../variables.ts";

/**
 * Ranks of a step of Slurm, such as `srun` makes. A script that sbatch runs has SLURM_PROCID too, and is one process: it is not
 * in a step.
 *
 * @see slurm.schedmd.com/srun.html, output environment variables
 */
export function slurmRanks(env: Environment): Ranks | undefined {
  if (!env.SLURM_STEP_ID) return undefined;
  const size = env.SLURM_STEP_NUM_TASKS ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS";
  allOrNone(env, ["SLURM_STEP_ID", "SLURM_PROCID", size, "SLURM_LOCALID"], "Slurm");
  const place = placeOf(env, { rank: "SLURM_PROCID", size });
  if (place.size === 1) return undefined; // srun --pty bash, or a command of one task: as without Slurm
  const list = env.SLURM_STEP_NODELIST ? "SLURM_STEP_NODELIST" : "SLURM_JOB_NODELIST";
  if (!env.MASTER_ADDR) allOrNone(env, ["SLURM_STEP_ID", list, "SLURM_JOB_ID"], "Slurm");
  const job = wholeNumber(env, "SLURM_JOB_ID", 0);
  const step = /^\d+$/.test(env.SLURM_STEP_ID) ? Number(env.SLURM_STEP_ID) : 0;
  return {
    ...place,
    localRank: wholeNumber(env, "SLURM_LOCALID", 0, place.size - 1),
    master: {
      host: env.MASTER_ADDR || expandHosts(env[list]!)[0]!,
      port: masterPort(env, portFrom(job * 16 + step)),
    },
    restart: env.SLURM_RESTART_COUNT ? wholeNumber(env, "SLURM_RESTART_COUNT", 0) : 0,
    launcher: `Slurm (SLURM_PROCID, ${size}, SLURM_LOCALID)`,
  };
}

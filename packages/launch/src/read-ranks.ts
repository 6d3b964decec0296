import { LaunchError } from "./launch-error.ts";
import { openMpiRanks, pmiRanks } from "./launchers/mpi.ts";
import { refusePerNode } from "./launchers/per-node.ts";
import { slurmRanks } from "./launchers/slurm.ts";
import { isTorchrun, torchrunRanks } from "./launchers/torchrun.ts";
import type { Environment, Ranks } from "./ranks.ts";

/**
 * The ranks that the process's launcher gives it, the innermost one first: torchrun or a manifest that sets its variables, Open
 * MPI, MPICH, a step of Slurm. Undefined: this process is alone.
 *
 * @throws {LaunchError} If variables are missing or impossible, if RANK was set by hand and another launcher says otherwise, or
 * if the launcher starts one process a machine and more are meant.
 */
export function readRanks(env: Environment): Ranks | undefined {
  const inner = torchrunRanks(env);
  if (inner && isTorchrun(env)) return inner; // mpirun or srun may have started torchrun itself, once a machine
  const outer = openMpiRanks(env) ?? pmiRanks(env) ?? slurmRanks(env);
  if (inner && outer && inner.size > 1) checkAgreement(inner, outer);
  const ranks = inner ?? outer;
  if (ranks === undefined) refusePerNode(env);
  return ranks;
}

function checkAgreement(inner: Ranks, outer: Ranks): void {
  if (inner.rank === outer.rank && inner.size === outer.size) return;
  throw new LaunchError(
    "LAUNCH_IMPOSSIBLE",
    `RANK and WORLD_SIZE say rank ${inner.rank} of ${inner.size}, ${outer.launcher} says rank ${outer.rank} of ${outer.size}`,
    "Unset RANK and WORLD_SIZE, and the launcher's own are taken.",
  );
}

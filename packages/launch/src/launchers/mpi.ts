import { LaunchError } from "../launch-error.ts";
import type { Environment, Ranks } from "../ranks.ts";
import { allOrNone, masterPort, placeOf, portFrom, wholeNumber } from "../variables.ts";

/** The variables of one family of MPI launchers. */
interface Names {
  launcher: string;
  rank: string;
  size: string;
  localRank: string;
  localSize: string;
  /** Tells apart two jobs of one machine. */
  job: string;
}

const openMpi: Names = {
  launcher: "Open MPI",
  rank: "OMPI_COMM_WORLD_RANK",
  size: "OMPI_COMM_WORLD_SIZE",
  localRank: "OMPI_COMM_WORLD_LOCAL_RANK",
  localSize: "OMPI_COMM_WORLD_LOCAL_SIZE",
  job: "PMIX_NAMESPACE",
};

/** MPICH's Hydra and Intel's mpiexec. */
const hydra: Names = {
  launcher: "MPICH",
  rank: "PMI_RANK",
  size: "PMI_SIZE",
  localRank: "MPI_LOCALRANKID",
  localSize: "MPI_LOCALNRANKS",
  job: "PMI_PORT",
};

/** Ranks of mpirun. It does not tell where rank 0 is: MASTER_ADDR has to, unless all processes are on one machine. */
export const openMpiRanks = (env: Environment): Ranks | undefined => ranksOf(env, openMpi);

/** Ranks of PMI-1, which MPICH's mpiexec sets. Slurm's `--mpi=pmi2` does too, and its own variables say more. */
export const pmiRanks = (env: Environment): Ranks | undefined => (env.SLURM_STEP_ID ? undefined : ranksOf(env, hydra));

function ranksOf(env: Environment, names: Names): Ranks | undefined {
  if (!allOrNone(env, [names.rank, names.size], names.launcher)) return undefined;
  const place = placeOf(env, names);
  const hasLocal = allOrNone(env, [names.localRank, names.localSize], names.launcher);
  const localSize = hasLocal ? wholeNumber(env, names.localSize, 1, place.size) : undefined;
  const isOneMachine = place.size === 1 || localSize === place.size;
  const host = env.MASTER_ADDR || (isOneMachine ? "localhost" : undefined);
  if (host === undefined)
    throw new LaunchError(
      "LAUNCH_INCOMPLETE",
      `${names.launcher} has started ${place.size} processes on several machines, and nothing says where rank 0 is`,
      names === openMpi
        ? "Give it the first host of your list: mpirun -x MASTER_ADDR=<host> …"
        : "Give it the first host of your list: mpiexec -genv MASTER_ADDR <host> …",
    );
  return {
    ...place,
    localRank: hasLocal ? wholeNumber(env, names.localRank, 0, localSize! - 1) : 0,
    ...(localSize !== undefined && { localSize }),
    master: { host, port: masterPort(env, portFrom(numberIn(env[names.job]))) },
    restart: 0,
    launcher: `${names.launcher} (${names.rank}, ${names.size}, ${names.localRank})`,
  };
}

/** The digits of a job's name as one number, which every process of the job finds alike. */
const numberIn = (job = ""): number =>
  [...job.matchAll(/\d/g)].reduce((sum, [digit]) => (sum * 10 + Number(digit)) % 1e9, 0);

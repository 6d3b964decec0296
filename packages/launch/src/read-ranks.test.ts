/** Environments as the launchers made them: torchrun 2.15, Open MPI 4.1 and Slurm 22.05 were recorded; MPICH's is from its documentation. */
import { describe, expect, test } from "vitest";
import { LaunchError } from "./launch-error.ts";
import type { Environment } from "./ranks.ts";
import { readRanks } from "./read-ranks.ts";

/** Rank 1 of 2 of `torchrun --standalone --nproc-per-node=2`. */
const torchrun = {
  GROUP_RANK: "0",
  GROUP_WORLD_SIZE: "1",
  LOCAL_RANK: "1",
  LOCAL_WORLD_SIZE: "2",
  MASTER_ADDR: "localhost",
  MASTER_PORT: "45221",
  OMP_NUM_THREADS: "1",
  RANK: "1",
  ROLE_NAME: "default",
  ROLE_RANK: "1",
  ROLE_WORLD_SIZE: "2",
  TORCHELASTIC_MAX_RESTARTS: "3",
  TORCHELASTIC_RESTART_COUNT: "2",
  TORCHELASTIC_RUN_ID: "48750aec-92d6-45a2-b910-863d8a39ed10",
  TORCHELASTIC_USE_AGENT_STORE: "True",
  WORLD_SIZE: "2",
};

/** A container of a JobSet with two pods, deploy/jobset.yaml. */
const jobSet = {
  RANK: "1",
  WORLD_SIZE: "2",
  LOCAL_RANK: "0",
  MASTER_ADDR: "videor1-rank-0-0.videor1",
  MASTER_PORT: "29500",
};

/** Rank 1 of `mpirun -np 3`, one machine. */
const openMpi = {
  OMPI_APP_CTX_NUM_PROCS: "3",
  OMPI_COMM_WORLD_LOCAL_RANK: "1",
  OMPI_COMM_WORLD_LOCAL_SIZE: "3",
  OMPI_COMM_WORLD_NODE_RANK: "1",
  OMPI_COMM_WORLD_RANK: "1",
  OMPI_COMM_WORLD_SIZE: "3",
  OMPI_UNIVERSE_SIZE: "2",
  PMIX_ID: "1583087617.1",
  PMIX_NAMESPACE: "1583087617",
  PMIX_RANK: "1",
};

/** Rank 3 of `srun` in `sbatch -N2 --ntasks-per-node=2`. */
const slurmStep = {
  SLURMD_NODENAME: "n02",
  SLURM_JOB_ID: "3",
  SLURM_JOB_NODELIST: "n[01-02]",
  SLURM_LAUNCH_NODE_IPADDR: "127.0.0.1",
  SLURM_LOCALID: "1",
  SLURM_NNODES: "2",
  SLURM_NODEID: "1",
  SLURM_NPROCS: "4",
  SLURM_NTASKS: "4",
  SLURM_NTASKS_PER_NODE: "2",
  SLURM_PROCID: "3",
  SLURM_STEPID: "0",
  SLURM_STEP_ID: "0",
  SLURM_STEP_NODELIST: "n[01-02]",
  SLURM_STEP_NUM_NODES: "2",
  SLURM_STEP_NUM_TASKS: "4",
  SLURM_STEP_TASKS_PER_NODE: "2(x2)",
};

/** The script of the same job. */
const slurmScript = {
  SLURM_JOB_ID: "3",
  SLURM_JOB_NODELIST: "n[01-02]",
  SLURM_LOCALID: "0",
  SLURM_NNODES: "2",
  SLURM_NTASKS: "4",
  SLURM_PROCID: "0",
  SLURM_TASKS_PER_NODE: "2(x2)",
};

const ranks = (env: Environment) => {
  const found = readRanks(env);
  if (!found) return undefined;
  const { rank, size, localRank, master, restart } = found;
  return `${rank}/${size} local ${localRank} at ${master.host}:${master.port}${restart ? ` again ${restart}` : ""}`;
};

test.each<[string, Environment, string | undefined]>([
  ["no launcher", { PATH: "/bin" }, undefined],
  ["torchrun, whose own store is at its port", torchrun, "1/2 local 1 at localhost:25194 again 2"],
  ["JobSet, PyTorchJob, or a script", jobSet, "1/2 local 0 at videor1-rank-0-0.videor1:29500"],
  ["one process of torchrun needs no others", { RANK: "0", WORLD_SIZE: "1" }, "0/1 local 0 at localhost:29500"],
  ["a variable without a value is none", { RANK: "", WORLD_SIZE: "" }, undefined],
  ["mpirun on one machine", openMpi, "1/3 local 1 at localhost:17617"],
  ["mpirun, with a port", { ...openMpi, MASTER_PORT: "1234" }, "1/3 local 1 at localhost:1234"],
  [
    "mpirun on two machines",
    { ...openMpi, OMPI_COMM_WORLD_SIZE: "6", OMPI_COMM_WORLD_RANK: "4", MASTER_ADDR: "node1" },
    "4/6 local 1 at node1:17617",
  ],
  [
    "MPICH",
    { PMI_RANK: "1", PMI_SIZE: "2", MPI_LOCALRANKID: "1", MPI_LOCALNRANKS: "2", PMI_FD: "8" },
    "1/2 local 1 at localhost:10000",
  ],
  ["a step of Slurm", slurmStep, "3/4 local 1 at n01:10048"],
  ["a step of Slurm, with an address", { ...slurmStep, MASTER_ADDR: "10.0.0.1" }, "3/4 local 1 at 10.0.0.1:10048"],
  ["Slurm's --mpi=pmi2", { ...slurmStep, PMI_RANK: "3", PMI_SIZE: "4" }, "3/4 local 1 at n01:10048"],
  ["the script of a Slurm job is one process", slurmScript, undefined],
  ["srun --pty bash is one process", { ...slurmStep, SLURM_STEP_NUM_TASKS: "1", SLURM_PROCID: "0" }, undefined],
  ["torchrun by srun, once a machine", { ...slurmStep, ...torchrun }, "1/2 local 1 at localhost:25194 again 2"],
  ["torchrun by mpirun", { ...openMpi, ...torchrun }, "1/2 local 1 at localhost:25194 again 2"],
  [
    "RANK=$SLURM_PROCID, as for Lightning",
    { ...slurmStep, ...jobSet, RANK: "3", WORLD_SIZE: "4" },
    "3/4 local 0 at videor1-rank-0-0.videor1:29500",
  ],
  [
    "torchrun of TrainJob",
    { ...torchrun, PET_NNODES: "2", PET_NPROC_PER_NODE: "8" },
    "1/2 local 1 at localhost:25194 again 2",
  ],
  ["TrainJob of one process", { PET_NNODES: "1", PET_NPROC_PER_NODE: "1", PET_NODE_RANK: "0" }, undefined],
  ["SkyPilot's machine with one GPU", { SKYPILOT_NUM_NODES: "1", SKYPILOT_NUM_GPUS_PER_NODE: "1" }, undefined],
])("%s", (_, env, expected) => {
  expect(ranks(env)).toBe(expected);
});

describe("one error, with what to do", () => {
  test.each<[string, Environment, LaunchError["code"], string, string]>([
    ["RANK alone", { RANK: "0" }, "LAUNCH_INCOMPLETE", "RANK=0 without WORLD_SIZE", "unset RANK"],
    ["WORLD_SIZE alone", { WORLD_SIZE: "2" }, "LAUNCH_INCOMPLETE", "without RANK", "Set RANK too"],
    [
      "no address",
      { RANK: "0", WORLD_SIZE: "2" },
      "LAUNCH_INCOMPLETE",
      "without MASTER_ADDR and MASTER_PORT",
      "Set MASTER_ADDR, MASTER_PORT",
    ],
    [
      "a rank too many",
      { ...jobSet, RANK: "2" },
      "LAUNCH_IMPOSSIBLE",
      "RANK=2 must be a whole number from 0 to 1",
      "unset",
    ],
    ["a rank that is none", { ...jobSet, RANK: "one" }, "LAUNCH_IMPOSSIBLE", "RANK=one", "unset"],
    ["no ranks at all", { ...jobSet, WORLD_SIZE: "0" }, "LAUNCH_IMPOSSIBLE", "WORLD_SIZE=0", "unset"],
    ["a port that is none", { ...jobSet, MASTER_PORT: "70000" }, "LAUNCH_IMPOSSIBLE", "MASTER_PORT=70000", "unset"],
    ["a local rank beyond", { ...jobSet, LOCAL_RANK: "2" }, "LAUNCH_IMPOSSIBLE", "LOCAL_RANK=2", "unset"],
    [
      "half of Open MPI",
      { OMPI_COMM_WORLD_RANK: "1" },
      "LAUNCH_INCOMPLETE",
      "Open MPI: OMPI_COMM_WORLD_RANK=1",
      "Set OMPI_COMM_WORLD_SIZE",
    ],
    [
      "mpirun on machines that nobody names",
      { ...openMpi, OMPI_COMM_WORLD_SIZE: "6" },
      "LAUNCH_INCOMPLETE",
      "nothing says where rank 0 is",
      "mpirun -x MASTER_ADDR",
    ],
    [
      "a step without its number",
      { ...slurmStep, SLURM_PROCID: "" },
      "LAUNCH_INCOMPLETE",
      "without SLURM_PROCID",
      "Set SLURM_PROCID",
    ],
    [
      "a list that no Slurm writes",
      { ...slurmStep, SLURM_STEP_NODELIST: "n[01-" },
      "LAUNCH_IMPOSSIBLE",
      '"n[01-"',
      "MASTER_ADDR",
    ],
    ["two that disagree", { ...slurmStep, ...jobSet }, "LAUNCH_IMPOSSIBLE", "rank 1 of 2, Slurm (", "Unset RANK"],
    [
      "TrainJob without torchrun",
      { PET_NNODES: "2", PET_NPROC_PER_NODE: "1" },
      "LAUNCH_PER_NODE",
      "PET_NNODES=2",
      "torchrun --no-python <command>",
    ],
    [
      "TrainJob's default",
      { PET_NNODES: "1", PET_NPROC_PER_NODE: "auto" },
      "LAUNCH_PER_NODE",
      "PET_NPROC_PER_NODE=auto",
      "RANK=0 WORLD_SIZE=1",
    ],
    [
      "SkyPilot",
      { SKYPILOT_NUM_NODES: "2", SKYPILOT_NODE_RANK: "0", SKYPILOT_NUM_GPUS_PER_NODE: "8", SKYPILOT_NODE_IPS: "a\nb" },
      "LAUNCH_PER_NODE",
      "SKYPILOT_NUM_NODES=2, SKYPILOT_NUM_GPUS_PER_NODE=8",
      "torchrun --nnodes=$SKYPILOT_NUM_NODES --node-rank=$SKYPILOT_NODE_RANK --nproc-per-node=$SKYPILOT_NUM_GPUS_PER_NODE",
    ],
    [
      "dstack",
      { DSTACK_NODES_NUM: "2", DSTACK_GPUS_PER_NODE: "1" },
      "LAUNCH_PER_NODE",
      "dstack",
      "--master-addr=$DSTACK_MASTER_NODE_IP",
    ],
  ])("%s", (_, env, code, message, hint) => {
    const read = () => readRanks(env);
    expect(read).toThrow(LaunchError);
    expect(read).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    );
  });
});

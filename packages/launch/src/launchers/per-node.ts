import { LaunchError } from "../launch-error.ts";
import type { Environment } from "../ranks.ts";

/** A launcher that starts one process a machine, and what it tells it. */
interface PerNode {
  launcher: string;
  nodes: string;
  processes: string;
  nodeRank: string;
  /** The value of torchrun's --master-addr, as a shell reads it. */
  masterAddress: string;
  masterPort: string;
}

const launchers: readonly PerNode[] = [
  {
    launcher: "Kubeflow's TrainJob",
    nodes: "PET_NNODES",
    processes: "PET_NPROC_PER_NODE",
    nodeRank: "PET_NODE_RANK",
    masterAddress: "$PET_MASTER_ADDR",
    masterPort: "$PET_MASTER_PORT",
  },
  {
    launcher: "SkyPilot",
    nodes: "SKYPILOT_NUM_NODES",
    processes: "SKYPILOT_NUM_GPUS_PER_NODE",
    nodeRank: "SKYPILOT_NODE_RANK",
    masterAddress: '$(echo "$SKYPILOT_NODE_IPS" | head -n1)',
    masterPort: "29500",
  },
  {
    launcher: "dstack",
    nodes: "DSTACK_NODES_NUM",
    processes: "DSTACK_GPUS_PER_NODE",
    nodeRank: "DSTACK_NODE_RANK",
    masterAddress: "$DSTACK_MASTER_NODE_IP",
    masterPort: "29500",
  },
];

/**
 * Refuses a process that is the only one of its machine where several machines or several GPUs are meant.
 *
 * @throws {LaunchError} LAUNCH_PER_NODE, with the line of torchrun that starts the others.
 */
export function refusePerNode(env: Environment): void {
  for (const { launcher, nodes, processes, nodeRank, masterAddress, masterPort } of launchers) {
    const isSeveral = (name: string) => !["", "0", "1", "cpu"].includes(env[name] ?? "");
    if (!isSeveral(nodes) && !isSeveral(processes)) continue;
    const meant = [nodes, processes].filter(isSeveral).map((name) => `${name}=${env[name]}`);
    const line =
      launcher === launchers[0]!.launcher
        ? "torchrun --no-python" // it reads PET_* by itself
        : `torchrun --nnodes=$${nodes} --node-rank=$${nodeRank} --nproc-per-node=$${processes} --master-addr=${masterAddress} --master-port=${masterPort} --no-python`;
    throw new LaunchError(
      "LAUNCH_PER_NODE",
      `${launcher} starts one process on each machine, and ${meant.join(", ")} ask for more`,
      `Start the command by: ${line} <command>. To train in this one process alone, set RANK=0 WORLD_SIZE=1.`,
    );
  }
}

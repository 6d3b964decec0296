import type { Card } from "./cards.ts";
import { bucketBytes, type Exchange, exchangeOf } from "./exchange.ts";
import type { Job } from "./job.ts";
import type { Machine } from "./machine.ts";
import { type Phase, type PhaseName, type Phases, phasesOf } from "./phases.ts";
import { checkpointBytes, modelBytes, rankBytes, type StateBytes, stateBytes, trainedCount } from "./state-bytes.ts";
import { type Seconds, secondsOf } from "./step-seconds.ts";

export interface Plan {
  card: Card;
  /** Processes, each on a card of its own: what follows is of one of them, host and disk are of all on a machine. */
  ranks: number;
  machines: number;
  /** What all replicas hold at the highest point of a step, by kind; they add up to `needed`. */
  bytes: StateBytes & {
    gradients: number;
    /** What ranks send each other at once. */
    buckets: number;
    /** Tensors of the highest phase, and what its kernels hold for themselves. */
    activations: number;
    /** Beside all tensors, of a GPU: the runtime, and what the allocator cannot use. */
    runtime: number;
  };
  /** The bytes of each phase at its highest point, state and runtime included. */
  phases: Partial<Record<PhaseName | "update", number>>;
  needed: number;
  /** Of the host's memory; `present` is undefined where it is not known, as that of the disk. */
  host: { needed: number; present: number | undefined };
  disk: { checkpoint: number; checkpoints: number; model: number; needed: number; present: number | undefined };
  /** What a rank sends the others in a step; undefined for one alone. */
  exchange?: Exchange | undefined;
  /** Estimates, for the card that they were measured on. */
  seconds?: Seconds | undefined;
  /** What does not fit; empty if all does. */
  lacks: ("memory" | "host memory" | "disk" | "elements")[];
}

/**
 * What CUDA and its allocator take beside tensors, as a share of them: nvidia-smi's peak of 141.7 GB in the one run that was
 * measured, whose tensors are counted here as 133.9 (docs/results/qwen25vl-7b_h200_2026-11-29.md).
 */
const runtimeShare = 0.058;

/**
 * What a run needs, phase by phase, and whether the machine has it. No file is read.
 *
 * @param count - `phasesOf`, or one that remembers.
 */
export async function makePlan(given: Job, machine: Machine, count = phasesOf): Promise<Plan> {
  const { card, ranks = 1, machines = 1 } = machine;
  const job = ofRank(given, ranks);
  const counted = await count(job);
  const memory = memoryOf(job, counted, machine);
  const isGpu = card.kind === "gpu";
  const ofHost = job.workers * waiting(job, card) + sharedGradients(job);
  const host = { needed: (ranks / machines) * (isGpu ? ofHost : memory.needed), present: machine.hostBytes };
  const disk = diskOf(job, machine);
  const lacks: Plan["lacks"] = [];
  if (memory.needed > card.memoryBytes) lacks.push("memory");
  if (isGpu && isMore(host)) lacks.push("host memory");
  if (isMore(disk)) lacks.push("disk");
  if (hasTooManyElements(job)) lacks.push("elements");
  const exchange = exchangeOf(job, machine);
  const seconds = secondsOf(job, counted, machine, exchange);
  return { card, ranks, machines, ...memory, host, disk, exchange, seconds, lacks };
}

/** Whether a run cannot fit, whatever its activations are: this takes no time. */
export function isOutOfReach(given: Job, machine: Machine): boolean {
  const { card, ranks = 1 } = machine;
  const job = ofRank(given, ranks);
  const isTooLarge = replicasOf(job, card) * heldBytes(job, machine) > card.memoryBytes;
  return isTooLarge || isMore(diskOf(job, machine)) || hasTooManyElements(job);
}

/** Several processes have one worker each. */
const ofRank = (job: Job, ranks: number): Job => (ranks > 1 ? { ...job, workers: 1 } : job);

const isMore = ({ needed, present = Number.POSITIVE_INFINITY }: Plan["host"]): boolean => needed > present;

/** Whether a part's gradients are more than an array of Node's holds, in which several workers add them up. */
const hasTooManyElements = (job: Job): boolean => job.workers > 1 && trainedCount(job) >= 2 ** 32;

/** Those whose memory counts together. */
const replicasOf = ({ workers }: Job, { kind }: Card): number => (kind === "wasm" ? 1 : workers);

/** Of the reference: what waits in the host's memory, beside a GPU; the memory of a processor is one. */
const waiting = (job: Job, { kind }: Card): number =>
  kind === "gpu" && job.rl?.reference === "copy" ? stateBytes(job).reference : 0;

/** What a replica holds from step to step. */
function heldBytes(job: Job, { card, ranks = 1 }: Machine): number {
  const { weights, masters, moments, reference } = rankBytes(job, ranks);
  return weights + masters + moments + reference - waiting(job, card);
}

/** The gradients of all parts, in the host's memory that all workers share. */
const sharedGradients = (job: Job): number => (job.workers > 1 ? 4 * trainedCount(job) * job.parts : 0);

function memoryOf(job: Job, counted: Phases, machine: Machine): Pick<Plan, "bytes" | "phases" | "needed"> {
  const { card, ranks = 1 } = machine;
  const replicas = replicasOf(job, card);
  const held = heldBytes(job, machine);
  const gradients = gradientBytes(job, counted, ranks);
  const buckets = bucketBytes(job, ranks);
  const phases = [
    ...(Object.entries(counted.of) as [PhaseName, Phase][]).map(([name, { inside }]) => ({
      name,
      reference: name === "reference" ? waiting(job, card) : 0,
      gradients: name === "gradients" ? gradients.during : 0,
      buckets: name === "gradients" ? buckets.gradients : 0,
      activations: inside,
    })),
    { name: "update" as const, reference: 0, gradients: gradients.after, buckets: buckets.update, activations: 0 },
  ];
  const shared = card.kind === "processor" ? sharedGradients(job) : 0;
  const tensorsOf = (phase: (typeof phases)[number]) =>
    replicas * (held + phase.reference + phase.gradients + phase.buckets + phase.activations) + shared;
  const withRuntime = (bytes: number) => (card.kind === "gpu" ? bytes * (1 + runtimeShare) : bytes);
  const highest = phases.reduce((most, phase) => (tensorsOf(phase) > tensorsOf(most) ? phase : most));
  const needed = withRuntime(tensorsOf(highest));
  // with one part the gradients are among the tensors of their phase
  const own =
    highest.name === "gradients" && job.parts === 1 && ranks === 1 ? Math.min(gradients.after, highest.activations) : 0;
  const { weights, masters, moments, reference } = rankBytes(job, ranks);
  return {
    bytes: {
      weights: replicas * weights,
      masters: replicas * masters,
      moments: replicas * moments,
      reference: replicas * (reference - waiting(job, card) + highest.reference),
      gradients: replicas * (highest.gradients + own) + shared,
      buckets: highest.buckets,
      activations: replicas * (highest.activations - own),
      runtime: needed - tensorsOf(highest),
    },
    phases: Object.fromEntries(phases.map((phase) => [phase.name, withRuntime(tensorsOf(phase))])),
    needed,
  };
}

/** What a replica holds of gradients beside the tensors of the backward pass, and once all are there. */
function gradientBytes(job: Job, { gradients }: Phases, ranks: number): { during: number; after: number } {
  const sum = 4 * trainedCount(job);
  if (ranks > 1) {
    const slices = sum / ranks;
    if (job.sharding.zeroStage === 2) return { during: slices, after: slices };
    const isSummed = Math.ceil(job.parts / ranks) > 1;
    if (job.sharding.zeroStage === 1) return { during: slices + (isSummed ? sum : 0), after: slices };
    return { during: sum + slices, after: sum + slices };
  }
  if (job.parts === 1) return { during: 0, after: gradients };
  return { during: job.workers === 1 ? sum : 0, after: sum };
}

/** Checkpoints that stay, the one in the making, and the model. */
function diskOf(job: Job, { diskBytes: present, ranks = 1 }: Machine): Plan["disk"] {
  const checkpoint = checkpointBytes(job, ranks);
  const checkpoints = job.checkpoints + 1;
  const model = modelBytes(job);
  return { checkpoint, checkpoints, model, needed: checkpoint * checkpoints + model, present };
}

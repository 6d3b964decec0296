import { dispose, type Variable } from "@tensorflow/tfjs-core";
import { copyRange, deferWrites, elementBytes, hasFlatSlices, type ProcessGroup } from "@videor1/engine";
import { beginShards, loadCheckpoint } from "@videor1/runs";
import { adamw } from "../adamw.ts";
import type { Collective } from "../collective.ts";
import type { OptimizerOptions } from "../options.ts";
import { type Replica, replicaOf } from "../replica.ts";
import { remainderTensors, restoreRemainders } from "../saved-remainders.ts";
import { placesMetadata, type SavedPlaces } from "../saved-slices.ts";
import { type Bucket, type BucketParameter, bucketLayout } from "./bucket-layout.ts";
import { clipSlices } from "./clip-slices.ts";
import { gatherSlices } from "./gather-slices.ts";
import type { SliceSums } from "./gradient-exchange.ts";
import { sliceOf } from "./slices.ts";
import { sumOwnFirst, sumSlices } from "./sum-slices.ts";

export interface ShardedReplicaOptions {
  group: ProcessGroup;
  /** Of the same members. */
  collective: Collective;
  /** 2: every part's gradients are exchanged as they come; 1: a rank adds its own parts up first. */
  zeroStage: number;
  /** Of a bucket's rows together, in units of 10^6. */
  bucketMegabytes: number;
  /** Checkpoint whose optimizer state is restored, whichever number of ranks wrote it. */
  checkpoint?: string | undefined;
  /** As those of `createReplica`; they are cut to slices, and freed. */
  remainders?: Readonly<Record<string, Variable>> | undefined;
  /** Told when a bucket's exchange starts. */
  onStart?: ((bucket: number) => void) | undefined;
}

/**
 * A replica whose moments, master weights and gradient sums are cut among the ranks: rank r keeps those of range r of every parameter,
 * updates it, and all have all weights again. The bytes are those of one process (`zeroStage` 2).
 *
 * @throws {RangeError} If the backend cannot cut tensors; torch can.
 * @see arXiv:1910.02054
 */
export function shardedReplica(
  parameters: Readonly<Record<string, Variable>>,
  options: OptimizerOptions,
  { group, collective, zeroStage, bucketMegabytes, checkpoint, remainders = {}, onStart }: ShardedReplicaOptions,
): Replica {
  if (!hasFlatSlices()) throw new RangeError("shardedReplica: the backend cannot cut tensors into slices; torch can");
  const { rank, size: ranks } = group;
  const ownOf = (name: string) => sliceOf(parameters[name]!.size, rank, ranks);
  const ownRemainders = cutRemainders(remainders, ownOf);
  const optimizer = adamw(parameters, options, ownRemainders, { sliceOf: ownOf });
  if (checkpoint !== undefined) {
    const files = loadCheckpoint(checkpoint).optimizer;
    try {
      optimizer.restore(files);
      restoreRemainders(files, ownRemainders, { shapeOf: (name) => parameters[name]!.shape, sliceOf: ownOf });
    } finally {
      for (const file of files) file.close();
    }
  }
  const names = Object.keys(parameters);
  const ownPlaces = (): SavedPlaces =>
    Object.fromEntries(names.map((name) => [name, { first: ownOf(name).first, shape: parameters[name]!.shape }]));
  const layoutOf = (isWide: (name: string) => boolean): Bucket[] => {
    const all = names.map((name): BucketParameter => ({ name, size: parameters[name]!.size, isWide: isWide(name) }));
    return bucketLayout(all.reverse(), { ranks, bucketBytes: 1e6 * bucketMegabytes });
  };
  const isWideWeight = new Map(names.map((name) => [name, elementBytes(parameters[name]!) === 4]));
  const weightBuckets = layoutOf((name) => isWideWeight.get(name)!);
  /** Gradients of which none was in float32 so far. */
  const narrow = new Set<string>();
  let gradientBuckets = layoutOf(() => true);
  let updated: SliceSums | undefined;

  /** Gradients in bfloat16 travel as such from the second step on. */
  function learn({ names, wide }: SliceSums): void {
    const before = narrow.size;
    for (const name of names) if (!wide.has(name)) narrow.add(name);
    if (narrow.size !== before) gradientBuckets = layoutOf((name) => !narrow.has(name));
  }

  return replicaOf({
    parameters,
    collective,
    checked: parameters,
    async sum(request) {
      const how = { group, collective, buckets: gradientBuckets, onStart };
      updated = await (zeroStage === 2 ? sumSlices(request, how) : sumOwnFirst(request, how));
      if (zeroStage === 2) learn(updated);
      return updated.grads;
    },
    clip: (_, scale) => clipSlices(updated!, options.maxGradNorm, { scale, collective }),
    async update(grads, learningRate, factor) {
      const update = (name: string) => {
        if (grads[name]) optimizer.step({ [name]: grads[name] }, learningRate, factor);
      };
      await gatherSlices(group, weightBuckets, parameters, { names: updated!.names, update });
    },
    async save({ root, step, state, keepLast, best }, write) {
      const optimizerState = [...optimizer.state(), ...remainderTensors(ownRemainders)];
      const content = { step, write, optimizer: optimizerState, state, metadata: placesMetadata(ownPlaces()) };
      const { end } = await beginShards(root, content, { keepLast, best }, { ranks: collective, deferWrites });
      return { isWritten: false, end };
    },
  });
}

/** The slices of remainders, whose wholes are freed. */
function cutRemainders(
  remainders: Readonly<Record<string, Variable>>,
  ownOf: (name: string) => { first: number; count: number },
) {
  const own: Record<string, Variable> = {};
  for (const [name, remainder] of Object.entries(remainders)) {
    const { first, count } = ownOf(name);
    if (count > 0) own[name] = copyRange(remainder, first, count);
    dispose(remainder);
  }
  return own;
}

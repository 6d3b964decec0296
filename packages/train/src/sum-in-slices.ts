// Shape suffixes: N members, S elements of one slice of each parameter of a bucket, side by side.
import {
  add,
  concat,
  dispose,
  pad,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  type Variable,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { type ProcessGroup, toFloat32 } from "@videor1/engine";
import { checkGradient, givenTwice, type SumRequest } from "./collective.ts";
import type { Gradients } from "./gradients.ts";
import { type ErrorFields, errorFields, WorkerError } from "./worker-error.ts";

interface Members extends Pick<ProcessGroup, "rank" | "size" | "allToAll" | "allGather"> {
  exchange(operation: string, value: unknown): Promise<unknown[]>;
}

/** What a member has computed in one round: the names of its gradients, or its error. */
interface Report {
  names: string[];
  failure: ErrorFields | null;
}

/** A parameter's place in a bucket: its slice is columns `at` to `at + length` of the exchanged rows. */
interface Place {
  name: string;
  at: number;
  length: number;
  shape: readonly number[];
}

/** Elements that are exchanged at once. */
const bucketElements = 1 << 22;

/**
 * The sum of `SumRequest` over processes. Round by round each member computes an addend; member r gets slice r of what all have
 * computed and adds it up, in order of rank; in the end all get all slices.
 */
export async function sumInSlices(members: Members, { like, count, addend }: SumRequest): Promise<Gradients> {
  const { rank, size } = members;
  const slices: Record<string, Tensor1D> = {};
  const own: Gradients = {};
  const sums: Gradients = {};
  try {
    for (let first = 0; first < count; first += size) {
      let thrown: unknown;
      let failure: ErrorFields | null = null;
      try {
        if (first + rank < count) await addend(first + rank, (name, gradient) => take(own, like, name, gradient));
      } catch (error) {
        thrown = error;
        failure = errorFields(error);
      }
      const report: Report = { names: Object.keys(own), failure };
      const reports = (await members.exchange(`sum of ${count} addends`, report)) as Report[];
      const failed = reports.findIndex(({ failure }) => failure !== null);
      if (failed >= 0) throw failed === rank ? thrown : new WorkerError(reports[failed]!.failure!);
      for (const bucket of bucketsOf(like, size, (name) => reports.some(({ names }) => names.includes(name)))) {
        const rows_NS = await spread(members, bucket, own);
        for (const place of bucket) addRows(slices, rows_NS, place, (r) => reports[r]!.names.includes(place.name));
        rows_NS.dispose();
      }
    }
    for (const bucket of bucketsOf(like, size, (name) => name in slices)) await join(members, bucket, slices, sums);
    return sums;
  } catch (error) {
    dispose(sums);
    throw error;
  } finally {
    dispose(own);
    dispose(slices);
  }
}

function take(own: Gradients, like: SumRequest["like"], name: string, gradient: Tensor): void {
  try {
    checkGradient(name, gradient, like);
    if (own[name]) throw givenTwice(name);
    own[name] = tidy(() => variable(toFloat32(gradient), false)); // the caller may be within a scope of its own
  } finally {
    gradient.dispose();
  }
}

/** The parameters that are `wanted`, in the order of `like`, in lists of about `bucketElements` each. */
function bucketsOf(like: SumRequest["like"], size: number, wanted: (name: string) => boolean): Place[][] {
  const buckets: Place[][] = [];
  let end = Number.POSITIVE_INFINITY;
  for (const [name, { shape }] of Object.entries(like)) {
    if (!wanted(name)) continue;
    if (end * size >= bucketElements) {
      buckets.push([]);
      end = 0;
    }
    const length = Math.ceil(shape.reduce((a, b) => a * b, 1) / size);
    buckets.at(-1)!.push({ name, at: end, length, shape });
    end += length;
  }
  return buckets;
}

const lengthOf = (bucket: readonly Place[]): number => bucket.reduce((sum, { length }) => sum + length, 0);

const rows = (count: number, length: number): Variable => tidy(() => variable(zeros([count, length]), false));

/** Row r: what member r has computed of this member's slices; zeros where it has none. Disposes of the bucket's gradients. */
async function spread({ size, allToAll }: Members, bucket: readonly Place[], own: Gradients): Promise<Variable> {
  const input_NS = tidy(() =>
    concat(
      bucket.map(({ name, length }) => {
        const gradient = own[name];
        if (!gradient) return zeros([size, length]) as Tensor2D;
        const flat = reshape(gradient, [gradient.size]) as Tensor1D;
        return reshape(pad(flat, [[0, size * length - gradient.size]]), [size, length]) as Tensor2D;
      }),
      1,
    ),
  );
  for (const { name } of bucket) {
    own[name]?.dispose();
    delete own[name];
  }
  const rows_NS = rows(size, lengthOf(bucket));
  try {
    await allToAll(rows_NS, input_NS);
    return rows_NS;
  } catch (error) {
    rows_NS.dispose();
    throw error;
  } finally {
    input_NS.dispose();
  }
}

/** Adds the rows of the members that hold the parameter, in order of rank. */
function addRows(slices: Gradients, rows_NS: Variable, place: Place, holds: (rank: number) => boolean): void {
  const { name, at, length } = place;
  const before = slices[name];
  slices[name] = tidy(() => {
    let sum = before;
    for (let rank = 0; rank < rows_NS.shape[0]!; rank++) {
      if (!holds(rank)) continue;
      const row = reshape(slice(rows_NS as unknown as Tensor2D, [rank, at], [1, length]), [length]);
      sum = sum ? add(sum, row) : row;
    }
    return sum === before ? sum!.clone() : sum!;
  });
  before?.dispose();
}

/** Puts the whole sums of a bucket's parameters, of every member's slices, into `sums`. */
async function join(
  { size, allGather }: Members,
  bucket: readonly Place[],
  slices: Record<string, Tensor1D>,
  sums: Gradients,
): Promise<void> {
  const input_S = tidy(() => concat(bucket.map(({ name }) => slices[name]!)));
  const rows_NS = rows(size, input_S.size);
  try {
    await allGather(rows_NS, input_S);
    for (const { name, at, length, shape } of bucket) {
      const elements = shape.reduce((a, b) => a * b, 1);
      sums[name] = tidy(() => {
        const rows = slice(rows_NS as unknown as Tensor2D, [0, at], [size, length]);
        return reshape(slice(reshape(rows, [size * length]) as Tensor1D, [0], [elements]), [...shape]);
      });
    }
  } finally {
    input_S.dispose();
    rows_NS.dispose();
  }
}

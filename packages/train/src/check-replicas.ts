import { createHash } from "node:crypto";
import { concat, reshape, slice, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { Collective } from "./collective.ts";

/** A member's parameters are not those of rank 0. */
export class ReplicasDifferError extends Error {
  override readonly name = "ReplicasDifferError";
  readonly code = "REPLICAS_DIFFER";
  readonly ranks: readonly number[];
  readonly hint =
    "Every worker must load the same files and compute the same update: see that the model folder is not being written to, and start again.";

  constructor(when: string, found: readonly { rank: number; names: readonly string[] }[]) {
    const lines = found.map(({ rank, names }) => {
      const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
      return `rank ${rank} in ${names.slice(0, 3).join(", ")}${more}`;
    });
    super(`${when} the parameters differ from those of rank 0: ${lines.join("; ")}`);
    this.ranks = found.map(({ rank }) => rank);
  }
}

/**
 * Compares every member's parameters with those of rank 0, by their names, shapes and first and last 256 elements.
 *
 * @param when - The error's first words, such as "At the start".
 * @throws {ReplicasDifferError} On every member, naming ranks and parameters.
 */
export async function checkReplicas(
  collective: Collective,
  parameters: Readonly<Record<string, Variable>>,
  when: string,
): Promise<void> {
  if (collective.size === 1) return;
  const own = digests(parameters);
  const isRoot = collective.rank === 0;
  const bytes = await collective.broadcast(isRoot ? new TextEncoder().encode(JSON.stringify(own)) : undefined, 0);
  const expected = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
  const names = Object.keys({ ...expected, ...own }).filter((name) => expected[name] !== own[name]);
  const found = (await collective.gather(names)).map((names, rank) => ({ rank, names }));
  const differing = found.filter(({ names }) => names.length > 0);
  if (differing.length > 0) throw new ReplicasDifferError(when, differing);
}

/** Shape and hash of a sample of each parameter, by name. */
function digests(parameters: Readonly<Record<string, Variable>>): Record<string, string> {
  const entries = Object.entries(parameters).map(([name, parameter]) => {
    const hash = createHash("sha256").update(sample(parameter)).digest("base64");
    return [name, `[${parameter.shape}] ${hash}`];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The first and the last 256 elements, or all of a smaller parameter. */
function sample(parameter: Variable, count = 256): Uint8Array {
  const values = tidy(() => {
    const flat = reshape(parameter, [-1]);
    if (flat.size <= 2 * count) return flat.dataSync<"float32">();
    return concat([slice(flat, 0, count), slice(flat, flat.size - count, count)]).dataSync<"float32">();
  });
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A version of the policy that the servers have. */
export interface ServedPolicy {
  /** Steps of training behind its weights. */
  version: number;
  push: "adapter" | "weights";
  /** The name that it is asked by. */
  model: string;
  /** The folder of its files as the servers see it. */
  folder: string;
  /** The tokens that end a completion. */
  endTokenIds: readonly number[];
}

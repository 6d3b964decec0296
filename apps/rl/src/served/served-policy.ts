import type { ServedReply } from "@videor1/served-model";

/** A version of the policy that the servers have. */
export interface ServedPolicy {
  /** Steps of training behind its weights. */
  version: number;
  push: "adapter" | "weights";
  /** The name that it is asked by. */
  model: string;
  /** The folder of its files as the servers see it. */
  folder: string;
  /** Addresses of the servers that have it and see what the policy sees; others are not asked. */
  servers: readonly string[];
  /** The tokens that end a completion. */
  endTokenIds: readonly number[];
}

/** The label that servers give to a version of all weights: the name of its folder, which has the run and the version. */
export const weightsLabel = ({ folder }: Pick<ServedPolicy, "folder">): string =>
  folder.slice(folder.lastIndexOf("/") + 1);

/** A reply of the policy itself. */
export interface PolicyReply extends ServedReply {
  /** Completions that were thrown away before: their server had other weights than it was asked for. */
  ofOtherWeights: number;
}

import type { ItemResult } from "@videor1/eval";

/** Results by the order of the frames: of all items in `ordered`, of the videos among them in the others. */
export type Results = ReadonlyMap<string, readonly ItemResult[]>;

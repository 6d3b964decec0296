import type { ReadOptions } from "@videor1/data";
import type { RlConfig } from "./config.ts";

/** How the records of a run are read: for the rules of its rewards. */
export function readOptions({ data, rewards }: Pick<RlConfig, "data" | "rewards">): ReadOptions {
  const rules = rewards.options.unicode ? rewards.rules : "video-r1";
  return { onInvalid: data.onInvalid, dataType: data.dataType, rules };
}

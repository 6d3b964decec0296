import type { ReadOptions } from "@videor1/data";
import type { SftConfig } from "./config.ts";

/** How the records of a run are read; no reward has to read the answers. */
export const readOptions = ({ data }: Pick<SftConfig, "data">): ReadOptions => ({
  onInvalid: data.onInvalid,
  dataType: data.dataType,
  rules: "safe",
});

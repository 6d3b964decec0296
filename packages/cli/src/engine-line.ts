import type { EngineRecord } from "@videor1/runs";

/** "2 x torch, cuda:0 (a GPU was found)": the engine of a run's workers. */
export const engineLine = ({ backend, device, reason }: EngineRecord, workers: number): string =>
  `${workers} x ${backend}, ${device} (${reason})`;

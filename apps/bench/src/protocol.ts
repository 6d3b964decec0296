import type { Example } from "@videor1/data";
import type { EngineRecord } from "@videor1/runs";
import type { BenchConfig } from "./config.ts";

export interface BenchWorkerData {
  config: BenchConfig;
}

/** An answer, or the reason why there is none. */
export type Outcome = { output: string } | { reason: string };

export interface BenchCalls {
  /** Answered once the model is loaded. */
  open: { request: object; reply: { engine: EngineRecord } };
  answer: { request: { examples: readonly Example[]; shuffled: boolean }; reply: { outcomes: Outcome[] } };
}

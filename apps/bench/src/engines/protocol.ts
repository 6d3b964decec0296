import type { Ranks } from "@videor1/launch";
import type { EngineRecord } from "@videor1/runs";
import type { BenchConfig } from "../config.ts";
import type { Outcome } from "../questions/question.ts";
import type { ShownQuestion } from "./question-media.ts";

export interface BenchWorkerData {
  config: BenchConfig;
  /** The process's place among those that share the questions. */
  ranks: Ranks | undefined;
}

export interface BenchCalls {
  /** Answered once the model is loaded. */
  open: { request: object; reply: { engine: EngineRecord } };
  answer: {
    request: { questions: readonly ShownQuestion[] };
    reply: { outcomes: Outcome[] };
  };
}

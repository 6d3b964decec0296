import type { Ranks } from "@videor1/launch";
import type { EngineRecord } from "@videor1/runs";
import type { BenchConfig } from "../config.ts";
import type { FrameOrder } from "../questions/frame-order.ts";
import type { Outcome, Question } from "../questions/question.ts";

export interface BenchWorkerData {
  config: BenchConfig;
  /** The process's place among those that share the questions. */
  ranks: Ranks | undefined;
}

export interface BenchCalls {
  /** Answered once the model is loaded. */
  open: { request: object; reply: { engine: EngineRecord } };
  answer: {
    request: { questions: readonly Question[]; frames: FrameOrder; mediaRoot: string };
    reply: { outcomes: Outcome[] };
  };
}

import type { EngineRecord } from "@videor1/runs";
import type { BenchConfig } from "../config.ts";
import type { FrameOrder } from "../questions/frame-order.ts";
import type { Outcome, Question } from "../questions/question.ts";

export interface BenchWorkerData {
  config: BenchConfig;
}

export interface BenchCalls {
  /** Answered once the model is loaded. */
  open: { request: object; reply: { engine: EngineRecord } };
  answer: {
    request: { questions: readonly Question[]; frames: FrameOrder; mediaRoot: string };
    reply: { outcomes: Outcome[] };
  };
}

import type { AppOptions } from "@videor1/cli";
import type { BenchConfig } from "../config.ts";
import type { AnswerEngine } from "./engine.ts";
import { localEngine } from "./local-engine.ts";
import { servedEngine } from "./served-engine.ts";

/** The engine that a config asks for: the model in this process, or a server. */
export const createEngine = (config: BenchConfig, options: AppOptions): AnswerEngine =>
  config.server === undefined ? localEngine(config, options) : servedEngine(config, config.server, options);

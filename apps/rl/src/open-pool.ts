import type { EngineRecord } from "@videor1/runs";
import { type WorkerPool, workerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { RlCalls, RlWorkerData } from "./protocol.ts";

/** The workers of a run, each with its replica ready; at most one for each part of a step. */
export async function openPool(
  config: RlConfig,
  checkpoint: string | undefined,
): Promise<{ pool: WorkerPool<RlCalls>; engine: EngineRecord; parameters: number }> {
  const workers = Math.min(config.engine.workers, config.gradientAccumulationSteps);
  const data: RlWorkerData = { config, checkpoint };
  const pool = workerPool<RlCalls>(new URL("./worker.ts", import.meta.url), workers, data);
  try {
    const [{ engine, parameters }] = (await pool.all("open", {})) as [RlCalls["open"]["reply"]];
    return { pool, engine, parameters };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

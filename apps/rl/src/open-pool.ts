import type { EngineRecord } from "@videor1/runs";
import { type WorkerPool, workerPool } from "@videor1/train";
import type { RlCalls, RlWorkerData } from "./protocol.ts";

/** The workers of a run, each with its replica ready; at most one for each part of a step. */
export async function openPool(
  data: RlWorkerData,
): Promise<{ pool: WorkerPool<RlCalls>; engine: EngineRecord; parameters: number; frozen: number }> {
  const { engine, gradientAccumulationSteps } = data.config;
  const workers = Math.min(engine.workers, gradientAccumulationSteps);
  const pool = workerPool<RlCalls>(new URL("./worker.ts", import.meta.url), workers, data);
  try {
    const [opened] = (await pool.all("open", {})) as [RlCalls["open"]["reply"]];
    return { pool, ...opened };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

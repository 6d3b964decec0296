import type { Peers } from "@videor1/launch";
import type { EngineRecord } from "@videor1/runs";
import { openWorkers, type WorkerPool } from "@videor1/train";
import type { RlCalls, RlWorkerData } from "./protocol.ts";

/** The workers of a run, each with its replica ready. */
export async function openPool(
  data: RlWorkerData,
  peers?: Peers,
): Promise<{ pool: WorkerPool<RlCalls>; engine: EngineRecord; parameters: number; frozen: number }> {
  const { engine, gradientAccumulationSteps: parts } = data.config;
  const pool = openWorkers<RlCalls>(new URL("./worker.ts", import.meta.url), data, { engine, parts, peers });
  try {
    const [opened] = (await pool.all("open", {})) as [RlCalls["open"]["reply"]];
    return { pool, ...opened };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

// A rank of sharded-processes.test.ts, as a process.
import { initEngine } from "@videor1/engine";
import { type ShardedRequest, shardedRun } from "./sharded-run.ts";

await initEngine({ backend: "torch", threads: 1 });
process.on("message", async (request: ShardedRequest) => {
  process.send!(await shardedRun(request));
  process.disconnect();
});

// A member in a worker thread: begins an operation that the others never call.
import { parentPort, workerData } from "node:worker_threads";
import { openProcessGroup, type ProcessGroupOptions } from "../src/process-group.ts";

const group = await openProcessGroup(workerData as ProcessGroupOptions);
group.gather(new Uint8Array(1)).catch(() => {});
parentPort!.postMessage("waits");

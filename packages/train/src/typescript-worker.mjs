// What workerPool starts for a module in TypeScript: a worker thread does not inherit the loader of the main thread.
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);

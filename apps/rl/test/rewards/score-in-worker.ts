// Scores an answer here, and in a worker thread as apps/rl starts them.
import { isMainThread, Worker } from "node:worker_threads";
import { openRewardFunctions } from "../../src/rewards/open-reward-functions.ts";
import { answer, entry } from "./answer.ts";

const functions = await openRewardFunctions([entry("with-rules.mjs"), entry("by-completion.mjs", { name: "other" })]);
const [outcome] = await functions.score([answer("skip", { solution: "skip" })]);
await functions.close();
console.log(isMainThread ? "in the process" : "in a worker", JSON.stringify([outcome]));

if (isMainThread) new Worker(new URL("./score-in-worker.mjs", import.meta.url));

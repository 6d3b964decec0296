// A member of a group of threads in the tests: runs the scenarios of the contract, and those for threads alone.
import { initEngine } from "@videor1/engine";
import { collectiveScenarios, type ScenarioName } from "../src/collective-contract.ts";
import { serveWorker } from "../src/serve-worker.ts";
import { type ThreadMember, threadCollective } from "../src/thread-collective.ts";

export interface ContractCalls {
  run: { request: { name: ScenarioName }; reply: { value: unknown } };
}

serveWorker<{ timeoutSeconds: number }, ContractCalls>(async (options, member) => {
  await initEngine({ backend: "wasm" });
  const collective = threadCollective(member as ThreadMember, options);
  return { run: async ({ name }) => ({ value: await collectiveScenarios[name](collective) }) };
});

// A member of collective.test.ts's groups: runs the scenarios of the contract, and what only threads can be told to do.
import { initEngine } from "@videor1/engine";
import { collectiveScenarios, type ScenarioName } from "../src/collective-contract.ts";
import { serveWorker } from "../src/serve-worker.ts";
import { threadCollective } from "../src/thread-collective.ts";

export interface ContractCalls {
  run: { request: { name: ScenarioName }; reply: { value: unknown } };
}

serveWorker<{ timeoutSeconds: number }, ContractCalls>(async (options, member) => {
  await initEngine({ backend: "wasm" });
  const collective = threadCollective(member, options);
  return { run: async ({ name }) => ({ value: await collectiveScenarios[name](collective) }) };
});

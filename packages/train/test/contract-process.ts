// A member of groups of processes in the tests: opens a group for each `open`, and runs the contract's scenarios in it.
import { initEngine, openProcessGroup, type ProcessGroupOptions } from "@videor1/engine";
import type { Collective } from "../src/collective.ts";
import { collectiveScenarios, type ScenarioName } from "../src/collective-contract.ts";
import { processCollective } from "../src/process-collective.ts";

export type MemberRequest = { open: ProcessGroupOptions } | { run: ScenarioName } | { leave: string };
export type MemberReply = { value: unknown } | { error: string };

await initEngine({ backend: "torch" });
let leave: ((reason: string) => void) | undefined;
let collective: Collective;

async function answer(request: MemberRequest): Promise<unknown> {
  if ("leave" in request) return leave?.(request.leave);
  if ("run" in request) return collectiveScenarios[request.run](collective);
  const group = await openProcessGroup(request.open);
  leave = group.leave;
  collective = processCollective(group);
  return null;
}

process.on("message", async (request: MemberRequest) => {
  try {
    process.send!({ value: await answer(request) } satisfies MemberReply);
  } catch (error) {
    process.send!({ error: (error as Error).stack ?? String(error) } satisfies MemberReply);
  }
});

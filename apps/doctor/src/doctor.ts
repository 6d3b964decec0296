import { renderTable } from "@videor1/cli";
import { checkGpu, checkTorch, checkWasm } from "./checks/engines.ts";
import { checkDisks, checkMemory, checkProcessor } from "./checks/machine.ts";
import { checkMedia } from "./checks/media.ts";
import { checkCode, checkNode } from "./checks/node.ts";
import { checkRanks } from "./checks/ranks.ts";
import type { Finding } from "./finding.ts";

/** Looks at everything that the apps use. */
export async function findings(): Promise<Finding[]> {
  const torch = checkTorch();
  const machine = [checkCode(), checkNode(), checkProcessor(), checkMemory()];
  return [...machine, checkWasm(), torch, checkGpu(torch), checkRanks(), ...(await checkMedia()), ...checkDisks()];
}

/** A table of the findings, what to do about those that are not ok, and a sentence that sums up. */
export function report(found: readonly Finding[]): string {
  const table = renderTable(
    null,
    found.map(({ state, name, what }) => [state, name, what]),
    { left: [0, 1, 2] },
  );
  const hints = found.filter(({ state }) => state !== "ok").map(({ name, hint }) => `${name}: ${hint}`);
  const wrong = found.filter(({ state }) => state === "wrong");
  const end =
    wrong.length === 0 ? "Nothing is wrong: npm start." : `To be mended: ${wrong.map(({ name }) => name).join(", ")}.`;
  return [table, "", ...hints, ...(hints.length > 0 ? [""] : []), end].join("\n");
}

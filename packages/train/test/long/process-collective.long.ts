// The contract of collectives over real processes, of every size and with both kinds of store.
import { afterAll, describe, expect, test } from "vitest";
import { runCollectiveContract } from "../../src/collective-contract.ts";
import { contractProcesses } from "../contract-processes.ts";

for (const kind of ["tcp", "file"] as const) {
  const { start, close } = contractProcesses(kind);
  describe(`a store of kind ${kind}`, () => {
    runCollectiveContract({ name: "processCollective", sizes: [1, 2, 3, 4], describe, test, afterAll, expect, start });
    afterAll(close);
  });
}

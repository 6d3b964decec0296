import { afterAll, describe, expect, test } from "vitest";
import { contractProcesses } from "../test/contract-processes.ts";
import { runCollectiveContract } from "./collective-contract.ts";

const { start, close } = contractProcesses("tcp");
afterAll(close);

runCollectiveContract({ name: "processCollective", sizes: [3], describe, test, afterAll, expect, start });

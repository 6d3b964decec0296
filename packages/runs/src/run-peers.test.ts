import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { checkSameSettings } from "./run-peers.ts";

const folder = mkdtempSync(join(tmpdir(), "run-peers-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Process {
  seed: number;
  localRank: number;
  /** What it reads under the path that both name. */
  records: string;
}

/** What two processes are told; the second one looks after the first has. */
async function outcomes(processes: [Process, Process]) {
  const path = join(folder, "records.json");
  const given: unknown[] = [];
  const told: Promise<unknown>[] = [];
  for (const [rank, { seed, localRank, records }] of processes.entries()) {
    writeFileSync(path, records);
    const gather = async <T>(_: "run", value: T | Promise<T>) => {
      given[rank] = await value;
      await vi.waitUntil(() => given.length === 2, { timeout: 60_000 });
      return given as T[];
    };
    const own = checkSameSettings({ rank, size: 2, localRank, gather }, { seed }, [path]);
    own.catch(() => {}); // read below
    told.push(own);
    await vi.waitUntil(() => given.length === rank + 1, { timeout: 60_000 });
  }
  const settled = await Promise.allSettled(told);
  return settled.map((one) => (one.status === "rejected" ? (one.reason as Error) : undefined));
}

const process = { seed: 1, localRank: 0, records: "[1]" };

test("processes with the same settings and content go on", async () => {
  expect(await outcomes([process, process])).toEqual([undefined, undefined]);
});

test("other settings are refused on all, by name", async () => {
  for (const error of await outcomes([process, { ...process, seed: 2 }]))
    expect(error).toMatchObject({ code: "RANKS_SETTINGS_DIFFER", message: expect.stringMatching(/^Rank 1 .*seed/) });
});

test("other content under the same path is refused on all; the first process of a machine looks for its others", async () => {
  for (const error of await outcomes([process, { ...process, records: "[2]" }]))
    expect(error).toMatchObject({
      code: "RANKS_INPUTS_DIFFER",
      message: expect.stringMatching(/^Rank 1 reads another .*records\.json than rank 0$/),
    });
  expect(await outcomes([process, { ...process, localRank: 1, records: "[2]" }])).toEqual([undefined, undefined]);
});

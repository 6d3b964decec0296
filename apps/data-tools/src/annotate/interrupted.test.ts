import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, recordOf, settings, startDouble, writeRecords } from "../../test/annotate-data.ts";
import { interruptedRun } from "../../test/interrupted.ts";
import { resultOf } from "../../test/verb-result.ts";
import { command as annotate } from "./command.ts";

test("after kill -9 and Ctrl-C nothing is asked again that was answered, and the bytes are those of one run", async () => {
  const ids = Array.from({ length: 30 }, (_, i) => recordOf(i));
  const records = writeRecords("interrupted-in.jsonl", ids);
  const undisturbed = join(folder, "undisturbed.jsonl");
  await resultOf(annotate, [...settings(records, undisturbed, await startDouble()), "n=2"]);
  const run = await interruptedRun({ records, output: join(folder, "interrupted.jsonl"), server: { delay: 20 } }, [
    { signal: "SIGKILL", requests: 10 },
    { signal: "SIGINT", requests: 8 },
  ]);
  expect(run.exitCodes).toEqual([null, 130, 0]);
  expect(run.stderr).toContain("Stopped. The same command goes on from here.");
  expect(run.askedAgain).toEqual([]);
  expect(run.finished[0]).toBeGreaterThan(0);
  expect(run.finished[1]).toBeGreaterThan(run.finished[0]!);
  expect(run.finished[1]).toBeLessThan(30);
  expect(run.output).toBe(readFileSync(undisturbed, "utf8"));
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { randomStream } from "@videor1/random";
import { misbehaviours } from "@videor1/served-model/double";
import { expect, test } from "vitest";
import { command as annotate } from "../../src/annotate/command.ts";
import { folder, recordOf, settings, startDouble, writeRecords } from "../annotate-data.ts";
import { type Interruption, interruptedRun } from "../interrupted.ts";
import { resultOf } from "../verb-result.ts";

test.each([0, 1, 2, 3])(
  "three kills at random moments of a run on a server that fails in every way, seed %i",
  async (seed) => {
    const ids = Array.from({ length: 80 }, (_, i) => recordOf(i));
    const records = writeRecords(`killed-in-${seed}.jsonl`, ids);
    const undisturbed = join(folder, `undisturbed-${seed}.jsonl`);
    await resultOf(annotate, [...settings(records, undisturbed, await startDouble()), "n=2"]);
    const random = randomStream(seed, "kills");
    const kills = Array.from({ length: 3 }, (): Interruption => {
      return { signal: "SIGKILL", requests: random.int(40), milliseconds: random.int(100) };
    });
    const kinds = misbehaviours.filter((kind) => kind !== "hang" && kind !== "stall");
    const misbehave = { kinds, share: 0.3, times: 1, seed };
    const output = join(folder, `killed-${seed}.jsonl`);
    const run = await interruptedRun({ records, output, server: { delay: 10, misbehave } }, kills);
    expect(run.exitCodes.at(-1)).toBe(0);
    expect(run.askedAgain).toEqual([]);
    expect(run.output).toBe(readFileSync(undisturbed, "utf8"));
  },
);

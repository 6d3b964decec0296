import { describe, expect, test } from "vitest";
import { makeSteps, running, save, useSmallRun } from "../test/small-run.ts";
import { readLedger } from "./files/ledger-file.ts";

const small = useSmallRun();

describe("a step that was not finite", () => {
  const step = { problemIds: [7, 8], reason: "The loss is NaN", others: [] };
  const entry = { problemId: 7, outcome: "skipped", code: "NON_FINITE_STEP", reason: "The loss is NaN" };

  test("is skipped, its records with it", async () => {
    const run = await small.open();
    await makeSteps(run, 2);
    run.skipStep(step);
    expect(run.step).toBe(3);
    run.end();
    expect(readLedger(small.outputDir)).toEqual([
      { step: 3, ...entry },
      { step: 3, ...entry, problemId: 8 },
    ]);
    expect(run.ledger.counts()).toEqual({ trained: 8, skipped: 2, failed: 0 });
  });

  test("stops the run if the config says so, with its records named", async () => {
    const run = await small.open({ onNonFinite: "stop" });
    expect(() => run.skipStep(step)).toThrow(
      expect.objectContaining({
        code: "NON_FINITE_STEP",
        step: 1,
        problemIds: [7, 8],
        message: `Step 1, records 7, 8 (${small.outputDir}/ledger.jsonl): The loss is NaN`,
        hint: expect.stringContaining("onNonFinite=skip"),
      }),
    );
    run.end();
    expect(readLedger(small.outputDir)).toHaveLength(2);
  });

  test("stops the run if it is the tenth in a row, also where the run went on in between", async () => {
    const first = await small.open();
    for (let i = 0; i < 9; i++) first.skipStep(step);
    first.endStep({ trained: 1, others: [], metrics: { loss: 1 } });
    for (let i = 0; i < 5; i++) first.skipStep(step);
    await first.checkpointIfDue({ batch: 15 }, running, save); // step 15
    first.end();
    const second = await small.open();
    for (let i = 0; i < 4; i++) second.skipStep(step);
    expect(() => second.skipStep(step)).toThrow(/the 9 steps before/);
    second.end();
  });
});

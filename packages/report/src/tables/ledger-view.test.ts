import { expect, test } from "vitest";
import type { LedgerEntry } from "../read/run-schema.ts";
import { ledgerView } from "./ledger-view.ts";

const entry = (step: number, code: LedgerEntry["code"], outcome: LedgerEntry["outcome"]): LedgerEntry => ({
  step,
  problemId: step,
  code,
  outcome,
  reason: `reason ${step}`,
});

test("records are counted over the runs, by reason, with the first of each", () => {
  const skipped = Array.from({ length: 7 }, (_, i) => entry(i, "NO_SIGNAL", "skipped"));
  const failed = [entry(3, "MEDIA_MISSING", "failed")];
  const view = ledgerView("grpo", [
    { steps: [{ trained: 4 }, { trained: 8 }], ledger: skipped },
    { steps: [{ trained: 5 }], ledger: failed },
  ]);
  expect(view).toMatchObject({ trained: 13, skipped: 7, failed: 1 });
  expect(view.reasons.map(({ code, count, examples }) => [code, count, examples.length])).toEqual([
    ["NO_SIGNAL", 7, 5],
    ["MEDIA_MISSING", 1, 1],
  ]);
});

test("a run that trained everything has no reasons", () => {
  expect(ledgerView("tgrpo", [{ steps: [{ trained: 8 }], ledger: [] }])).toEqual({
    name: "tgrpo",
    trained: 8,
    skipped: 0,
    failed: 0,
    reasons: [],
  });
});

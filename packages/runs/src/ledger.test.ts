import { expect, test } from "vitest";
import { createLedger, type LedgerCode, type LedgerEntry, TooManyFailuresError } from "./ledger.ts";

const entries = (count: number, code: LedgerCode = "MEDIA_UNREADABLE"): LedgerEntry[] =>
  Array.from({ length: count }, (_, problemId) => ({ problemId, code, reason: "cut short" }));
const ledger = (share: number, start = { trained: 0, byCode: {} }, onEntry: (entry: LedgerEntry) => void = () => {}) =>
  createLedger(share, start, onEntry);

test("totals go on from the checkpoint's, and each record that was not trained is handed on", () => {
  const seen: LedgerEntry[] = [];
  const start = { trained: 30, byCode: { MEDIA_UNREADABLE: 2 } };
  const counted = ledger(0.5, start, (entry) => seen.push(entry));
  counted.batch(6, [...entries(2), ...entries(3, "NO_SIGNAL")]);
  counted.batch(8, entries(1, "NON_FINITE_STEP"));
  expect(counted.counts()).toEqual({ trained: 44, skipped: 4, failed: 4 });
  expect(counted.totals()).toEqual({
    trained: 44,
    byCode: { MEDIA_UNREADABLE: 4, NO_SIGNAL: 3, NON_FINITE_STEP: 1 },
  });
  expect(seen).toHaveLength(6);
  expect(start.byCode).toEqual({ MEDIA_UNREADABLE: 2 });
});

test("early failures are judged against the first 20 records", () => {
  const counted = ledger(0.1);
  counted.batch(0, entries(2)); // every record of a first small batch may fail
  expect(() => counted.batch(3, entries(1))).toThrow(TooManyFailuresError);
});

test("later ones against all records seen, the skipped ones too", () => {
  const counted = ledger(0.1);
  counted.batch(60, entries(5));
  counted.batch(0, [...entries(30, "NO_SIGNAL"), ...entries(5)]); // 10 of 100
  expect(() => counted.batch(0, entries(1))).toThrow(
    expect.objectContaining({ code: "TOO_MANY_FAILURES", failed: 11, seen: 101, hint: expect.any(String) }),
  );
});

test("the message names the last record that failed, and its reason", () => {
  const others = [...entries(1), { problemId: 9, code: "NO_SIGNAL", reason: "all right" } as const];
  expect(() => ledger(0).batch(6, others)).toThrow("1 of 8 records failed; the last, record 0: cut short");
});

test("share 0 allows none, share 1 any; what was skipped did not fail", () => {
  expect(() => ledger(0).batch(1000, entries(1))).toThrow(TooManyFailuresError);
  ledger(1).batch(0, entries(1000));
  ledger(0).batch(0, entries(1000, "NO_SIGNAL"));
});

test("a batch without failures is never the one that fails", () => {
  ledger(0, { trained: 0, byCode: { MEDIA_MISSING: 5 } }).batch(8, []);
});

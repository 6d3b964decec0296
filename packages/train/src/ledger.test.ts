import { expect, test } from "vitest";
import { createLedger, type Failure, TooManyFailuresError } from "./ledger.ts";

const failures = (count: number): Failure[] =>
  Array.from({ length: count }, (_, problemId) => ({ problemId, reason: "cut short" }));
const ledger = (share: number, start = { trained: 0, failed: 0 }, onFailure: (failure: Failure) => void = () => {}) =>
  createLedger(share, start, onFailure);

test("counts go on from the checkpoint's, and each failure is handed on", () => {
  const seen: Failure[] = [];
  const counted = ledger(0.5, { trained: 30, failed: 2 }, (failure) => seen.push(failure));
  counted.batch(6, failures(2));
  counted.batch(8, []);
  expect(counted.counts()).toEqual({ trained: 44, failed: 4 });
  expect(seen).toEqual(failures(2));
});

test("early failures are judged against the first 20 records", () => {
  const counted = ledger(0.1);
  counted.batch(0, failures(2)); // every record of a first small batch may fail
  expect(() => counted.batch(3, failures(1))).toThrow(TooManyFailuresError);
});

test("later ones against all records seen", () => {
  const counted = ledger(0.1);
  counted.batch(90, failures(9));
  counted.batch(0, failures(1)); // 10 of 100
  expect(() => counted.batch(0, failures(1))).toThrow(
    expect.objectContaining({ code: "TOO_MANY_FAILURES", failed: 11, seen: 101, hint: expect.any(String) }),
  );
});

test("the message names the last record and its reason", () => {
  expect(() => ledger(0).batch(7, failures(1))).toThrow("1 of 8 records failed; the last, record 0: cut short");
});

test("share 0 allows none, share 1 any", () => {
  expect(() => ledger(0).batch(1000, failures(1))).toThrow(TooManyFailuresError);
  ledger(1).batch(0, failures(1000));
});

test("a batch without failures is never the one that fails", () => {
  ledger(0, { trained: 0, failed: 5 }).batch(8, []);
});

import { expect, test } from "vitest";
import { ledgerTable } from "./ledger-table.ts";

test("one line for each way to end, in the order of the codes", () => {
  const byCode = { MEDIA_MISSING: 2, NO_SIGNAL: 13, MEDIA_UNREADABLE: 0 };
  expect(ledgerTable({ trained: 640, byCode }, "out/ledger.jsonl")).toEqual([
    "15 of 655 records were not trained: out/ledger.jsonl",
    "  trained  640",
    "  skipped   13  NO_SIGNAL      no answer of the group had an advantage",
    "  failed     2  MEDIA_MISSING  no such media file",
  ]);
});

test("nothing to say where all were trained", () => {
  expect(ledgerTable({ trained: 640, byCode: {} }, "out/ledger.jsonl")).toEqual([]);
});

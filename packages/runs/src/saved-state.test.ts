import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { afterAll, expect, test } from "vitest";
import { savedState } from "./saved-state.ts";

const work = mkdtempSync(join(tmpdir(), "saved-state-"));
afterAll(() => rmSync(work, { recursive: true }));
const file = join(work, "empty.safetensors");
writeSafetensors(file, []);

function read(state: unknown) {
  const optimizer = openSafetensors(file);
  optimizer.close();
  return savedState<{ epoch: number }>({ folder: "checkpoint-3", step: 3, state, optimizer: [optimizer] });
}

const ledger = { trained: 4, byCode: { MEDIA_MISSING: 1 } };

test("what an earlier version did not save has its default", () => {
  expect(read({ position: { epoch: 1 }, ledger })).toEqual({
    position: { epoch: 1 },
    ledger,
    skippedInARow: 0,
    best: null,
    secondsElapsed: 0,
  });
});

test("what is saved comes back", () => {
  const best = { step: 2, value: 0.5, stale: 1 };
  const whole = { position: { epoch: 1 }, ledger, skippedInARow: 2, best, secondsElapsed: 7.5 };
  expect(read(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
});

test.each<[string, object]>([
  ["ledger", { position: { epoch: 1 } }],
  ["skippedInARow", { position: {}, ledger, skippedInARow: "many" }],
])("without a usable %s the checkpoint is refused, and the field named", (field, state) => {
  expect(() => read(state)).toThrow(
    expect.objectContaining({ code: "CHECKPOINT_INCOMPLETE", hint: expect.any(String) }),
  );
  expect(() => read(state)).toThrow(new RegExp(`its state is not what a run saves: ${field}`));
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markPart, waitForParts } from "./rank-parts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rank-parts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const wait = (timeoutSeconds: number) => waitForParts([folder], 2, { timeoutSeconds, signal, everyMs: 1 });
const mark = (index: number, state: Parameters<typeof markPart>[2]) => markPart([folder], { index, count: 2 }, state);

test("all parts that are answered end the wait, also where an earlier start had failed", async () => {
  mark(0, "answered");
  mark(1, { failed: "no such model" });
  const waited = wait(600);
  await expect(waited).rejects.toMatchObject({ message: expect.stringContaining("rank 1 of 2 ended: no such model") });
  mark(1, "begun");
  const again = wait(600);
  mark(1, "answered");
  await again;
});

test("a part that gets no further is named", async () => {
  mark(1, "answered");
  await expect(wait(0.02)).rejects.toMatchObject({
    message: expect.stringContaining("rank 0 of 2 wrote no answer in 0.02 s"),
  });
});

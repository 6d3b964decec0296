import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { openMetrics, readMetrics } from "./metrics-log.ts";

const base = mkdtempSync(join(tmpdir(), "metrics-"));
afterAll(() => rmSync(base, { recursive: true }));
let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(base, "run-")), "logs", "metrics.jsonl");
});

function log(steps: readonly number[], options?: Parameters<typeof openMetrics>[1]) {
  const metrics = openMetrics(path, options);
  for (const step of steps) metrics.write({ step, loss: 1 / step });
  metrics.close();
}
const steps = () => readMetrics(path).map(({ step }) => step);

test("one JSON line per record, appended to what is there", () => {
  log([1, 2], { fsync: true });
  log([3]);
  expect(readFileSync(path, "utf8")).toBe(
    '{"step":1,"loss":1}\n{"step":2,"loss":0.5}\n{"step":3,"loss":0.3333333333333333}\n',
  );
});

test("on resume the steps after the checkpoint go", () => {
  log([1, 2, 3, 4, 5]);
  log([4], { resumeStep: 3 });
  expect(steps()).toEqual([1, 2, 3, 4]);
  log([], { resumeStep: 0 });
  expect(steps()).toEqual([]);
});

test.each([
  ["without its line break", '{"step":3,"los'],
  ["without its line break, yet whole", '{"step":3}'],
  ["with its line break", '{"step":3,"los\n'],
])("a last line cut short %s is removed", (_, broken) => {
  log([1, 2]);
  appendFileSync(path, broken);
  expect(steps()).toEqual([1, 2]);
  log([3]);
  expect(steps()).toEqual([1, 2, 3]);
});

test("a broken line before the last is not ours to mend", () => {
  log([1]);
  appendFileSync(path, 'nonsense\n{"step":2}\n');
  expect(() => openMetrics(path)).toThrow(expect.objectContaining({ code: "METRICS_BROKEN", path, line: 2 }));
});

test("an empty file is an empty log", () => {
  log([]);
  expect(steps()).toEqual([]);
  writeFileSync(path, "");
  log([1]);
  expect(steps()).toEqual([1]);
});

test("NaN and infinity stay visible, where JSON would write null", () => {
  const metrics = openMetrics(path);
  metrics.write({ step: 1, loss: Number.NaN, norms: [Number.POSITIVE_INFINITY] });
  metrics.close();
  expect(readMetrics(path)).toEqual([{ step: 1, loss: "NaN", norms: ["Infinity"] }]);
});

import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { mendLines, openLog, readLines, writeLines } from "./json-lines.ts";
import { JsonNumber } from "./json-number.ts";

const base = mkdtempSync(join(tmpdir(), "lines-"));
afterAll(() => rmSync(base, { recursive: true }));
let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(base, "run-")), "logs", "steps.jsonl");
});

const Line = z.looseObject({ step: z.int() });

/** Adds lines after those up to a step. */
function log(steps: readonly number[], resumeStep = Number.POSITIVE_INFINITY): void {
  mendLines(path, Line, { keep: ({ step }) => step <= resumeStep });
  const file = openLog(path);
  for (const step of steps) file.write({ step, loss: 1 / step });
  file.close();
}
const steps = () => readLines(path, Line).map(({ step }) => step);

test("one JSON line per record, appended to what is there", () => {
  log([1, 2]);
  log([3]);
  expect(readFileSync(path, "utf8")).toBe(
    '{"step":1,"loss":1}\n{"step":2,"loss":0.5}\n{"step":3,"loss":0.3333333333333333}\n',
  );
});

test("lines that are not to be kept go, and the others stay byte for byte, whatever else they hold", () => {
  log([]);
  appendFileSync(path, '{ "step": 1, "of another version": [1.0] }\n{"step":2}\n{"step":3}\n');
  expect(mendLines(path, Line, { keep: ({ step }) => step < 2 })).toEqual([{ step: 1, "of another version": [1] }]);
  expect(readFileSync(path, "utf8")).toBe('{ "step": 1, "of another version": [1.0] }\n');
  log([], 0);
  expect(steps()).toEqual([]);
});

test("a file that is not there has no lines to mend, and is not made", () => {
  expect(mendLines(path, Line)).toEqual([]);
  expect(existsSync(path)).toBe(false);
});

test("a byte order mark and Windows' line breaks, as editors write them, change nothing", () => {
  log([]);
  writeFileSync(path, '\ufeff{"step":1}\r\n\r\n{"step":2}\r\n');
  log([3]);
  expect(steps()).toEqual([1, 2, 3]);
  writeFileSync(path, '{"step":1}\n\ufeff{"step":2}\n{"step":3}\n');
  expect(steps).toThrow(/:2: not JSON/);
});

test("an empty file is an empty log", () => {
  log([]);
  expect(steps()).toEqual([]);
  writeFileSync(path, "");
  log([1]);
  expect(steps()).toEqual([1]);
});

describe.each([
  ["without its line break", '{"step":3,"los'],
  ["without its line break, yet whole", '{"step":3}'],
  ["with its line break", '{"step":3,"los\n'],
])("a last line cut short %s", (_, broken) => {
  beforeEach(() => {
    log([1, 2]);
    appendFileSync(path, broken);
  });

  test("is left out, and mended away", () => {
    expect(steps()).toEqual([1, 2]);
    log([3]);
    expect(steps()).toEqual([1, 2, 3]);
  });

  test("is an error to a reader that wants a finished file, unless it is whole", () => {
    const read = () => readLines(path, Line, { cutLine: "refuse" });
    if (broken === '{"step":3}') expect(read()).toHaveLength(3);
    else expect(read).toThrow(expect.objectContaining({ code: "RUN_FILE_BROKEN", path, line: 3 }));
  });
});

test.each([
  ["not JSON", "nonsense", /:2: not JSON/],
  ["of another form", '{"step":"two"}', /:2: step: .*expected number/],
  ["no object", "null", /:2: Invalid input/],
])("a line before the last that is %s is not ours to mend", (_, broken, message) => {
  log([1]);
  appendFileSync(path, `${broken}\n{"step":2}\n`);
  for (const read of [() => readLines(path, Line), () => mendLines(path, Line)]) {
    expect(read).toThrow(expect.objectContaining({ name: "RunFileError", code: "RUN_FILE_BROKEN", path, line: 2 }));
    expect(read).toThrow(message);
  }
});

test("a last line of JSON that is of another form was not cut short", () => {
  log([1]);
  appendFileSync(path, '{"step":"two"}\n');
  expect(() => readLines(path, Line)).toThrow(expect.objectContaining({ line: 2 }));
});

test("a file that is missing is named", () => {
  expect(() => readLines(path, Line)).toThrow(
    expect.objectContaining({ code: "RUN_FILE_MISSING", path, message: `${path}: no such file` }),
  );
});

test("NaN and infinity stay what they are, where JSON would write null", () => {
  const file = openLog(path);
  const line = { step: 1, loss: Number.NaN, norms: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0] };
  file.write(line);
  file.close();
  expect(readFileSync(path, "utf8")).toBe('{"step":1,"loss":"NaN","norms":["Infinity","-Infinity",0]}\n');
  const Numbers = z.object({ step: z.int(), loss: JsonNumber, norms: z.array(JsonNumber) });
  expect(readLines(path, Numbers)).toEqual([line]);
});

test("a file written as a whole", () => {
  log([1]);
  writeLines(path, [{ step: 4 }, { step: 5 }]);
  expect(readFileSync(path, "utf8")).toBe('{"step":4}\n{"step":5}\n');
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told with the file's path", () => {
  const path = join(mkdtempSync(join(base, "full-")), "metrics.jsonl");
  symlinkSync("/dev/full", path);
  const log = openLog(path);
  expect(() => log.write({ step: 1 })).toThrow(
    expect.objectContaining({ code: "CHECKPOINT_WRITE", path, hint: expect.stringContaining("disk is full") }),
  );
  log.close();
});

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "lint-command-"));
afterAll(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, "../../../..");

/** The real command line. */
function videor1Data(...args: readonly string[]) {
  const command = ["--conditions=@videor1/source", "--import", "tsx", "apps/data-tools/src/cli.ts", ...args];
  const child = spawn(process.execPath, command, { cwd: root });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const record = (problem_id: number, changes: object) => ({
  problem_id,
  problem: `What is in clip ${problem_id}?`,
  data_type: "video",
  problem_type: "free-form",
  options: [],
  solution: "<answer>a cat that sits</answer>",
  path: `${problem_id}.mp4`,
  ...changes,
});

test("the command line: a result with errors has exit code 1, a mistake one message without a stack", async () => {
  const file = join(folder, "a.jsonl");
  const gone = join(folder, "gone.json");
  const fixed = join(folder, "fixed.jsonl");
  const records = [
    record(1, {}),
    record(2, { problem_type: "free form" }),
    record(3, { solution: "<answer></answer>" }),
  ];
  writeFileSync(file, records.map((fields) => `${JSON.stringify(fields)}\n`).join(""));
  const plain = await videor1Data("lint", file, "fix=true", `output=${fixed}`, "--json");
  expect(plain.code).toBe(1);
  const result = JSON.parse(plain.stdout);
  expect(result).toMatchObject({ records: 3, valid: 2, invalid: 1, levels: { error: 1, warning: 0, info: 0 } });
  expect(result.findings[0]).toMatchObject({ code: "GOLD_SILENT", count: 1, records: [{ id: 3, place: { line: 3 } }] });
  const written = readFileSync(fixed, "utf8").trim().split("\n");
  expect(written.map((line) => JSON.parse(line).problem_type)).toEqual(["free-form", "free-form", "free-form"]);
  const missing = await videor1Data("lint", gone);
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  expect(missing.stderr).toContain(`${gone}: cannot be read`);
  expect(missing.stderr).not.toContain("    at ");
});

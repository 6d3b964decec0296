import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { verifyResume } from "./verify-resume.ts";

const base = mkdtempSync(join(tmpdir(), "verify-"));
afterAll(() => rmSync(base, { recursive: true }));

/** A run of eight steps that writes a line a step, and resumes after the lines of the file. */
const counter = `
  const { appendFileSync, existsSync, mkdirSync, readFileSync } = require("node:fs");
  const folder = process.argv[1];
  mkdirSync(folder, { recursive: true });
  const log = folder + "/log.jsonl";
  const made = existsSync(log) ? readFileSync(log, "utf8").split("\\n").length - 1 : 0;
  (async () => {
    for (let step = made + 1; step <= 8; step++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      appendFileSync(log, JSON.stringify({ step, secondsElapsed: performance.now() }) + "\\n");
    }
  })();`;
/** The same; it also counts its starts. */
const forgetful = `${counter} appendFileSync(folder + "/starts.jsonl", "{}\\n");`;

async function verify(program: string, name: string, kills: number) {
  const lines: string[] = [];
  const start = (folder: string) => spawn(process.execPath, ["-e", program, folder], { stdio: "ignore" });
  const options = { start, outputDir: join(base, name), kills, seed: 1, print: (line: string) => lines.push(line) };
  return { isSame: await verifyResume(options), text: lines.join("\n") };
}

test("a run that goes on where it was killed is found to be exact, after as many kills as asked for", async () => {
  const { isSame, text } = await verify(counter, "exact", 5);
  expect(isSame).toBe(true);
  expect(text.match(/^kill \d of 5: run \d+, \d+\.\d\d s after its start$/gm)).toHaveLength(5);
  expect(text).toMatch(/^5 of 5 kills changed nothing \(seed of the kills: 1\)$/m);
  expect(existsSync(join(base, "exact"))).toBe(false);
});

test("one that ends otherwise is found out, with the first difference", async () => {
  const { isSame, text } = await verify(forgetful, "forgetful", 20);
  expect(isSame).toBe(false);
  expect(text).toMatch(/run \d+ ended otherwise after \d+ kills: starts\.jsonl differs in line 2/);
});

test("a run that fails by itself is not a verdict", async () => {
  await expect(verify("process.exitCode = 3", "failing", 1)).rejects.toMatchObject({
    code: "VERIFY_RUN_FAILED",
    folder: join(base, "failing-whole"),
    message: expect.stringContaining("ended with 3"),
  });
});

test("folders that are there are left alone", async () => {
  mkdirSync(join(base, "kept-killed"));
  await expect(verify(counter, "kept", 1)).rejects.toMatchObject({ code: "VERIFY_FOLDER_EXISTS" });
  expect(existsSync(join(base, "kept-whole"))).toBe(false);
});

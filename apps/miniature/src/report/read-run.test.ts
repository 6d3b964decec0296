import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRun } from "./read-run.ts";
import { writeFixtureRun } from "./test/fixture-run.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "report-read-"));
  await writeFixtureRun(join(root, "whole"));
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of the run to break; media are left out. */
async function copy(name: string): Promise<string> {
  const folder = join(root, name);
  for (const part of ["sft", "rl", "bench"])
    await cp(join(root, "whole", part), join(folder, part), { recursive: true });
  return folder;
}

test("reads a whole run", async () => {
  const run = await readRun(join(root, "whole"), ["sft", "rl"]);
  expect(run).toMatchObject({ seed: 5, parameters: 24, configs: { rl: "stage: rl\nseed: 5\n" } });
  expect([run.sft.length, run.rl.length, run.rollouts.length]).toEqual([200, 60, 240]);
  expect(run.benches.map(({ predictions }) => predictions.length)).toEqual([120, 119]);
});

test.each(["rl/rollouts.jsonl", "bench/rl.json", "sft/config.yaml", "rl/model"])(
  "a missing %s is named",
  async (name) => {
    const folder = await copy(name.replaceAll("/", "-"));
    await rm(join(folder, name), { recursive: true });
    await expect(readRun(folder, ["sft", "rl"])).rejects.toMatchObject({
      name: "RunFileError",
      code: "RUN_FILE_MISSING",
      file: join(folder, name),
      message: `${join(folder, name)}: no such file`,
    });
  },
);

test("a line cut short is named by file and line", async () => {
  const folder = await copy("cut");
  const file = join(folder, "rl/metrics.jsonl");
  await appendFile(file, '{"step": 61, "loss": 0.');
  await expect(readRun(folder, ["sft", "rl"])).rejects.toMatchObject({
    code: "RUN_LINE_BROKEN",
    line: 61,
    message: expect.stringContaining(`${file}:61: not JSON`),
  });
});

test("a value of the wrong kind is named by file, line and field", async () => {
  const folder = await copy("kind");
  const file = join(folder, "bench/rl.predictions.jsonl");
  const lines = (await readFile(file, "utf8")).split("\n");
  lines[2] = lines[2]!.replace(/"score":[01]/, '"score":7');
  await writeFile(file, lines.join("\n"));
  await expect(readRun(folder, ["sft", "rl"])).rejects.toThrow(`${file}:3: score: `);
});

import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMainJob } from "./study.ts";
import { armNames, writeFixtureRun } from "./test/fixture-run.ts";

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
  const { sft, arms, benches } = await readMainJob(join(root, "whole"), armNames);
  expect(sft).toMatchObject({ parameters: 24, yaml: "stage: sft\nseed: 5\n" });
  expect(sft.steps).toHaveLength(200);
  expect(arms.map(({ name }) => name)).toEqual(["grpo", "tgrpo", "contrast"]);
  for (const { runs } of arms)
    expect(runs.map(({ config, steps, rollouts }) => [config.seed, steps.length, rollouts.length])).toEqual([
      [5, 60, 240],
    ]);
  expect(arms.map(({ runs }) => runs[0]!.scoring.temporal.kind)).toEqual(["none", "tgrpo", "contrast"]);
  expect(benches.map(({ predictions }) => predictions.length)).toEqual([120, 119, 119, 119]);
});

test.each(["rl/grpo/rollouts.jsonl", "bench/tgrpo.json", "sft/config.yaml", "sft/model"])(
  "a missing %s is named",
  async (name) => {
    const folder = await copy(name.replaceAll("/", "-"));
    await rm(join(folder, name), { recursive: true });
    await expect(readMainJob(folder, armNames)).rejects.toMatchObject({
      name: "RunFileError",
      code: "RUN_FILE_MISSING",
      file: join(folder, name),
      message: `${join(folder, name)}: no such file`,
    });
  },
);

test("a line cut short is named by file and line", async () => {
  const folder = await copy("cut");
  const file = join(folder, "rl/tgrpo/metrics.jsonl");
  await appendFile(file, '{"step": 61, "loss": 0.');
  await expect(readMainJob(folder, armNames)).rejects.toMatchObject({
    code: "RUN_LINE_BROKEN",
    line: 61,
    message: expect.stringContaining(`${file}:61: not JSON`),
  });
});

test("a value of the wrong kind is named by file, line and field", async () => {
  const folder = await copy("kind");
  const file = join(folder, "bench/grpo.predictions.jsonl");
  const lines = (await readFile(file, "utf8")).split("\n");
  lines[2] = lines[2]!.replace(/"score":[01]/, '"score":7');
  await writeFile(file, lines.join("\n"));
  await expect(readMainJob(folder, armNames)).rejects.toThrow(`${file}:3: score: `);
});

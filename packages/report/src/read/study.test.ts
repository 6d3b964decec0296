import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeFixtureRun } from "../../test/fixture-run.ts";
import { armNames, settings } from "../../test/fixture-settings.ts";
import { readMainJob, readStudy } from "./study.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "report-read-"));
  await writeFixtureRun(join(root, "whole"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A copy of the run to break, without media. */
async function copy(name: string): Promise<string> {
  const folder = join(root, name);
  for (const part of ["sft", "rl", "bench"])
    await cp(join(root, "whole", part), join(folder, part), { recursive: true });
  return folder;
}

test("reads a whole run", async () => {
  const { sft, arms, benches } = await readMainJob(join(root, "whole"), armNames, settings);
  expect(sft).toMatchObject({ parameters: 24, yaml: "stage: sft\nseed: 5\n" });
  expect(sft!.steps).toHaveLength(200);
  expect(arms.map(({ name }) => name)).toEqual(["grpo", "tgrpo", "contrast"]);
  for (const { runs } of arms)
    expect(runs.map(({ config, steps, rollouts }) => [config.seed, steps.length, rollouts.length])).toEqual([
      [5, 60, 240],
    ]);
  expect(arms.map(({ runs }) => runs[0]!.scoring.temporal.kind)).toEqual(["none", "tgrpo", "contrast"]);
  expect(benches.map(({ predictions }) => predictions.length)).toEqual([120, 119, 119, 119]);
});

/** Two seeds of two arms in the ablation's layout; the second seed's arms have other ends. */
async function seeds(name: string): Promise<string> {
  const folder = join(root, name);
  for (const arm of ["tgrpo", "grpo"])
    for (const [pair, steps] of [
      ["0-100", 60],
      ["10-101", 50],
    ] as const) {
      const to = join(folder, arm, pair, "rl");
      await cp(join(root, "whole/rl", arm), to, { recursive: true });
      const lines = (await readFile(join(to, "metrics.jsonl"), "utf8")).trim().split("\n");
      await writeFile(join(to, "metrics.jsonl"), lines.slice(0, steps).join("\n"));
    }
  return folder;
}

test("finds the runs of an ablation, plain GRPO first, and takes the parts of a path for arm and seed", async () => {
  const { sft, arms, benches } = await readStudy([await seeds("ablation")], { settings });
  expect([sft, benches]).toEqual([null, []]);
  expect(arms.map(({ name, runs }) => [name, runs.map(({ seed, steps }) => [seed, steps.length])])).toEqual([
    [
      "grpo",
      [
        ["0-100", 60],
        ["10-101", 50],
      ],
    ],
    [
      "tgrpo",
      [
        ["0-100", 60],
        ["10-101", 50],
      ],
    ],
  ]);
});

test("one arm of several folders is several seeds of it", async () => {
  const folder = await seeds("folders");
  const { arms } = await readStudy(
    [join(folder, "grpo", "0-100"), join(folder, "grpo", "10-101"), join(root, "whole/rl/tgrpo")],
    { settings },
  );
  expect(arms.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)])).toEqual([
    ["grpo", ["0-100", "10-101"]],
    ["tgrpo", ["tgrpo"]],
  ]);
});

test("the folder of a main job comes with its evaluations, and another arm can be the base", async () => {
  const { sft, arms, benches } = await readStudy([join(root, "whole")], { settings, base: "tgrpo" });
  expect(sft).not.toBeNull();
  expect(arms.map(({ name }) => name)).toEqual(["tgrpo", "contrast", "grpo"]);
  expect(benches.map(({ summary }) => summary.name)).toEqual(["sft", "tgrpo", "contrast", "grpo"]);
});

test.each([
  { folders: ["whole/sft"], base: undefined, code: "RUN_FILE_MISSING", message: /no RL run in it or below/ },
  { folders: ["nowhere"], base: undefined, code: "RUN_FILE_MISSING", message: /no such folder/ },
  {
    folders: ["whole/rl/grpo/metrics.jsonl"],
    base: undefined,
    code: "RUN_FILE_MISSING",
    message: /a file, not a folder/,
  },
  { folders: ["whole"], base: "grop", code: "RUN_FILE_MISSING", message: /no arm "grop"/ },
])("$folders with base $base: $code", async ({ folders, base, code, message }) => {
  await expect(
    readStudy(
      folders.map((folder) => join(root, folder)),
      { settings, base },
    ),
  ).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test("runs of one arm that were scored in different ways are refused", async () => {
  const folder = await seeds("mixed");
  await cp(join(folder, "tgrpo/0-100/rl/config.yaml"), join(folder, "grpo/10-101/rl/config.yaml"));
  await expect(readStudy([folder], { settings })).rejects.toMatchObject({
    code: "RUN_FILES_DISAGREE",
    path: join(folder, "grpo/10-101/rl"),
    message: expect.stringContaining('a run of the same arm "grpo"'),
  });
});

test.each(["rl/grpo/rollouts.jsonl", "bench/tgrpo.json", "sft/config.yaml", "sft/model"])(
  "a missing %s is named",
  async (name) => {
    const folder = await copy(name.replaceAll("/", "-"));
    await rm(join(folder, name), { recursive: true });
    await expect(readMainJob(folder, armNames, settings)).rejects.toMatchObject({
      name: "RunFileError",
      code: "RUN_FILE_MISSING",
      path: join(folder, name),
      message: `${join(folder, name)}: no such file`,
    });
  },
);

test("a line cut short is named by file and line", async () => {
  const folder = await copy("cut");
  const file = join(folder, "rl/tgrpo/metrics.jsonl");
  await appendFile(file, '{"step": 61, "loss": 0.');
  await expect(readMainJob(folder, armNames, settings)).rejects.toMatchObject({
    code: "RUN_FILE_BROKEN",
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
  await expect(readMainJob(folder, armNames, settings)).rejects.toThrow(`${file}:3: score: `);
});

test("a config that is not one of an RL run is named by file and field", async () => {
  const folder = await copy("config");
  const file = join(folder, "rl/grpo/config.yaml");
  await appendFile(file, "lr: 1\n");
  await expect(readMainJob(folder, armNames, settings)).rejects.toThrow(`${file}: `);
});

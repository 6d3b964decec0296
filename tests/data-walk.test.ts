/** The walk from own videos and a table of questions to training in README.md, line by line, as a reader types it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVideo } from "@videor1/data";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./run-cli.ts";
import { makeSmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "walk-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const readme = readFileSync(join(root, "README.md"), "utf8");
const [, table = "", commands = ""] = /```csv\n(video,question.*?)```\n\n```sh\n(.*?)```/s.exec(readme) ?? [];
const lines = commands
  .replaceAll("\\\n", " ")
  .trim()
  .split("\n")
  .map((line) => line.replace(/\s#.*/, "").trim().split(/\s+/));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** `npm run <script> -- …` in the folder of the videos, in place of the repository's root. */
function run([, , script = "", , ...args]: readonly string[], more: readonly string[] = []) {
  const entry = scripts[script]!.split(" ").at(-1)!;
  const own = args.map((arg) => arg.replace(/(^|=)(configs\/)/, `$1${root}/$2`));
  const loader = join(root, "node_modules/tsx/dist/loader.mjs");
  const command = ["--conditions=@videor1/source", "--import", loader, join(root, entry), ...own, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: work, encoding: "utf8" });
  return { status, stdout, stderr };
}

const read = (file: string) =>
  readFileSync(join(work, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

let model: string;
beforeAll(async () => {
  writeFileSync(join(work, "questions.csv"), table);
  mkdirSync(join(work, "videos"));
  const clips = new Set([...table.matchAll(/^(\S+\.mp4),/gm)].map(([, name]) => name!));
  for (const [i, name] of [...clips].entries()) {
    const frames = Buffer.from(Array.from({ length: 16 * 56 * 56 * 3 }, (_, at) => (at * (i + 3) + (at >> 9)) % 251));
    await encodeVideo(join(work, "videos", name), frames, { fps: 8, width: 56, height: 56 });
  }
  model = (await makeSmallData(join(work, "small"))).init;
});

test("convert makes a record of each row", () => {
  expect(run(lines[0]!)).toMatchObject({ status: 0, stdout: expect.stringContaining("5 rows: 5 records") });
  expect(read("mine/all.jsonl").map(({ problem_type, solution }) => [problem_type, solution])).toEqual([
    ["multiple choice", "<answer>B</answer>"],
    ["numerical", "<answer>3</answer>"],
    ["free-form", "<answer>red</answer>"],
    ["multiple choice", "<answer>B</answer>"],
    ["multiple choice", "<answer>A</answer>"],
  ]);
});

test("lint finds no error, check decodes all", () => {
  expect(run(lines[1]!).status).toBe(0);
  const checked = run(lines[2]!, ["json=true"]);
  expect(checked.status, checked.stderr).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({ read: 5, fine: 5 });
});

test("split keeps the questions of a clip together, inspect writes a page", () => {
  const divided = run(lines[3]!);
  expect(divided.status, divided.stderr).toBe(0);
  const clips = (file: string) => [...new Set(read(file).map(({ path }) => path))].sort();
  const [training, validation] = [clips("mine/train.jsonl"), clips("mine/validation.jsonl")];
  expect(training.filter((clip) => validation.includes(clip))).toEqual([]);
  expect([...training, ...validation]).toHaveLength(3);
  const shown = run(lines[4]!);
  expect(shown.status, shown.stderr).toBe(0);
  expect(readFileSync(join(work, "mine/data.html"), "utf8")).toContain("</html>");
});

test("rl trains on them", () => {
  const settings = [`model=${model}`, "maxSteps=1", "promptsPerStep=2", "gradientAccumulationSteps=1"];
  const sizes = ["rollout.numGenerations=2", "rollout.maxCompletionLength=8", "optimizer.warmupSteps=0"];
  const trained = run(lines[5]!, [...settings, ...sizes]);
  expect(trained.status, trained.stderr).toBe(0);
  expect(lines).toHaveLength(6);
});

/** Replay recomputes a step from its record, and names a record, a video or a model that was changed. */
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { type RolloutGroupLine, type RolloutLine, readRollouts, rolloutsFile, writeLines } from "@videor1/runs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const run = join(work, "rl");
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
  const sft = ["data.phases.0.steps=40", "data.phases.1.steps=20", `outputDir=${join(work, "sft")}`];
  expect(await runCli("sft", [...small.sft, ...sft])).toMatchObject({ code: 0 });
  const rl = ["promptsPerStep=3", "gradientAccumulationSteps=2", "maxSteps=5", "checkpoint.everySteps=2"];
  const validation = `validation={ records: ${small.data}/validation.json, everySteps: 9, limit: 2 }`; // of the last step
  expect(await rlRun(run, ...rl, validation, "engine.workers=2")).toMatchObject({ code: 0 });
});

const rlRun = (outputDir: string, ...settings: string[]) =>
  runCli("rl", [...small.rl, `model=${join(work, "sft/model")}`, `outputDir=${outputDir}`, ...settings]);
const replay = (folder: string, step: number, ...overrides: string[]) =>
  runCli("replay", [folder, String(step), ...overrides]);

function expectAgreement({ code, stdout, stderr }: CliResult): void {
  expect(stderr).toBe("");
  expect(stdout).toMatch(/loss +(\S+) +\1 +0\n/); // the same machine and engine: not even rounding differs
  expect(stdout).toMatch(/gradNorm +(\S+) +\1 +0\n/);
  expect(stdout).toContain("rewards and advantages, and all metrics agree.");
  expect(code).toBe(0);
}

describe("an untouched record agrees", () => {
  test("from a checkpoint, with another number of workers", async () => {
    const result = await replay(run, 5, "engine.workers=1");
    expect(result.stdout).toContain(`Step 5 from ${run}/checkpoints/checkpoint-4`);
    expectAgreement(result);
  });

  test("from the start, through the steps in between", async () => {
    const result = await replay(run, 2);
    expect(result.stdout).toContain(`Steps 1 to 2 from ${work}/sft/model`);
    expectAgreement(result);
  });

  test.runIf(process.env.LONG_TESTS)("of order contrast, dynamic sampling and two updates a step", async () => {
    const settings = [
      "tgrpo.temporal={ kind: contrast, tau: 0 }",
      "rollout.dynamicSampling.enabled=true",
      "loss.iterations=2",
    ];
    expect(await rlRun(join(work, "all"), ...settings, "promptsPerStep=3", "maxSteps=3")).toMatchObject({ code: 0 });
    const result = await replay(join(work, "all"), 3);
    expect(result.stdout).toMatch(/samplingRounds +(\d) +\1 +0/);
    expect(result.stdout).toContain("all metrics agree.");
    expect(result.code).toBe(0);
  });
});

describe("what was changed is named", () => {
  /** A copy of the run whose first group of step 5 is changed, and that group. */
  function tampered(name: string, change: (group: RolloutGroupLine) => void) {
    const folder = join(work, name);
    cpSync(run, folder, { recursive: true });
    const groups = readRollouts(folder);
    const group = groups.find(({ step }) => step === 5)!;
    change(group);
    writeLines(join(folder, rolloutsFile), groups);
    return { folder, group };
  }
  const place = ({ problemId, path }: RolloutGroupLine) => `✖ step 5, record ${problemId} (${path})`;

  test("an advantage", async () => {
    const { folder, group } = tampered("advantage", ({ ordered }) => {
      ordered[1]!.advantage += 0.125;
    });
    const { code, stdout } = await replay(folder, 5);
    expect(stdout).toContain(`${place(group)}.ordered[1].advantage: recorded`);
    expect(stdout).toMatch(/\n1 value differs/);
    expect(code).toBe(1);
  });

  test("a token", async () => {
    const { folder, group } = tampered("token", ({ ordered }) => {
      ordered[2]!.completionIds[3] = ordered[2]!.completionIds[3] === 60 ? 61 : 60;
    });
    const { code, stdout } = await replay(folder, 5);
    expect(stdout).toContain(`${place(group)}.ordered[2].text: recorded`);
    expect(stdout).toContain(`${place(group)}.ordered[2].logps[`);
    expect(stdout).toMatch(/✖ step 5\.gradNorm: recorded/);
    expect(code).toBe(1);
  });

  test("nothing, of a record without what is optional, as an earlier version left it", async () => {
    const { folder } = tampered("earlier", (group) => {
      delete group.id;
      for (const rollout of [...group.ordered, ...group.shuffled]) delete rollout.id;
    });
    expectAgreement(await replay(folder, 5));
  });

  test("a log-probability", async () => {
    const { folder, group } = tampered("logp", ({ ordered }) => {
      ordered[0]!.logps[2]! -= 0.01;
    });
    const { code, stdout } = await replay(folder, 5);
    expect(stdout).toContain(`${place(group)}.ordered[0].logps[2]: recorded`);
    expect(code).toBe(1);
  });

  test("a line without what is needed", async () => {
    const { folder } = tampered("line", (group) => {
      delete (group.ordered[0] as Partial<RolloutLine>).logps;
    });
    const { code, stderr } = await replay(folder, 5);
    expect(stderr).toMatch(/rollouts\.jsonl:\d+: ordered\.0\.logps/);
    expect(code).toBe(1);
  });

  test("an answer less", async () => {
    const { folder, group } = tampered("answer", ({ ordered }) => void ordered.pop());
    const { code, stderr } = await replay(folder, 5);
    expect(stderr).toContain(`Step 5, record ${group.problemId}: 3 answers in order`);
    expect(code).toBe(1);
  });

  test("a video", async () => {
    const { group } = tampered("video", () => {});
    const media = join(work, "media-changed");
    cpSync(small.data, media, { recursive: true });
    const own = join(media, group.path);
    const isTwin = (name: string) => name !== basename(own) && extname(name) === extname(own);
    copyFileSync(join(dirname(own), readdirSync(dirname(own)).find(isTwin)!), own);
    const { code, stdout } = await replay(run, 5, `data.media.mediaRoot=${media}`);
    expect(stdout).toContain(`${place(group)}.framesHash: recorded`);
    expect(code).toBe(1);
  });

  test("a video that is not there", async () => {
    const { code, stderr } = await replay(run, 5, `data.media.mediaRoot=${work}/sft`);
    expect(stderr).toMatch(/Step 5, record \d+: Media .*\n.*mediaRoot=<folder>/);
    expect(code).toBe(1);
  });

  test("the model that the run started from", async () => {
    const { code, stderr } = await replay(run, 5, `model=${small.init}`);
    expect(stderr).toContain(`${small.init} is not the model that the run started from`);
    expect(code).toBe(1);
  });
});

test.each<[string, string[], RegExp]>([
  ["no step", [run], /Usage: npm run replay -- <run folder> <step>/],
  ["a step that was not made", [run, "9"], /no answers of step 9\nIt has those of step 1 to 5/],
  ["a folder without a run", [work, "1"], /no run, it has no config\.yaml/],
])("%s: one message and exit code 1", async (_, args, message) => {
  const { code, stderr } = await runCli("replay", args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { answer, entry } from "../../test/rewards/answer.ts";
import { type AnswerOutcome, openRewardFunctions, type RewardFunctions } from "./open-reward-functions.ts";
import type { RewardFunctionOptions } from "./rewards-config.ts";
import { startRewardThread } from "./start-reward-thread.ts";

let open: RewardFunctions | undefined;
afterEach(() => open?.close());

async function scores(
  completions: readonly string[],
  ...functions: readonly RewardFunctionOptions[]
): Promise<AnswerOutcome[]> {
  open = await openRewardFunctions(functions);
  return open.score(completions.map((completion) => answer(completion)));
}

const byCompletion = entry("by-completion.mjs");
const brief = { ...byCompletion, timeoutSeconds: 0.2 };
const three = { rewards: { mine: 3 } };
const half = { rewards: { mine: 1.5 } };
const timedOut = { failed: "mine: timed out after 0.2 s" };
const exited = { failed: "mine: its thread ended with exit code 3" };

describe("one function", () => {
  test.each<[string, AnswerOutcome]>([
    ["length", three],
    ["later", half],
    ["skip", { rewards: {} }],
    ["skipLater", { rewards: {} }],
    ["reject", { failed: 'mine: threw "no judge"' }],
    ["notANumber", { failed: "mine: returned NaN, which is not a finite number or null" }],
    ["text", { failed: 'mine: returned "x", which is not a finite number or null' }],
    ["nothing", { failed: "mine: returned undefined, which is not a finite number or null" }],
  ])("%s", async (completion, outcome) => {
    expect(await scores([completion], byCompletion)).toEqual([outcome]);
  });

  test("an error has its place in the module", async () => {
    const [outcome] = await scores(["throw"], byCompletion);
    expect(outcome).toEqual({
      failed: expect.stringMatching(
        /^mine: threw TypeError: Cannot read properties of undefined.* \(by-completion\.mjs:7:26\)$/,
      ),
    });
  });

  test("more answers than are in work at once, in order", async () => {
    const completions = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? "later" : "length"));
    const expected = completions.map((completion) => (completion === "later" ? half : three));
    expect(await scores(completions, byCompletion)).toEqual(expected);
  });

  test("a change of the answer is the function's own", async () => {
    const given = answer("changed");
    open = await openRewardFunctions([byCompletion]);
    expect(await open.score([given, given])).toEqual([{ rewards: { mine: 4 } }, { rewards: { mine: 4 } }]);
  });
});

describe("an answer that does not come", () => {
  test.each<[string, AnswerOutcome]>([
    ["endless", timedOut],
    ["endlessLater", timedOut],
    ["never", timedOut],
    ["exit", exited],
    ["exitLater", exited],
    ["stray", { failed: expect.stringMatching(/^mine: its thread ended with TypeError: Cannot read/) }],
  ])("%s fails, the others are scored", async (completion, outcome) => {
    const completions = ["length", "later", completion, "length", completion, "later", "length"];
    expect(await scores(completions, brief)).toEqual([three, half, outcome, three, outcome, half, three]);
  });

  test("the next call is scored too", async () => {
    expect(await scores(["exit"], byCompletion)).toEqual([exited]);
    expect(await open!.score([answer("length")])).toEqual([three]);
  });

  test("a thread that dies three times without an answer ends the run", async () => {
    await expect(scores(["exit", "exit", "exit", "length"], byCompletion)).rejects.toMatchObject({
      name: "RewardFunctionError",
      code: "REWARD_DIED",
      path: byCompletion.path,
      message: `Reward function ${byCompletion.path} cannot go on: its thread ended with exit code 3, 3 times without an answer in between`,
    });
    await expect(open!.score([answer("length")])).rejects.toMatchObject({ code: "REWARD_DIED" });
  });

  test("close rejects it", async () => {
    open = await openRewardFunctions([byCompletion]);
    const scored = expect(open.score([answer("never")])).rejects.toMatchObject({ code: "REWARD_CLOSED" });
    await open.close();
    await scored;
  });
});

describe("several functions", () => {
  const other = { ...byCompletion, name: "other" };
  const typed = entry("accuracy-and-format.ts", { name: "typed" });

  test("by name", async () => {
    expect(await scores(["length", "skip"], byCompletion, typed, entry("half.js", { name: "half" }))).toEqual([
      { rewards: { mine: 3, typed: 1, half: 0 } },
      { rewards: { typed: 1, half: 0 } },
    ]);
  });

  test.each([
    ["CommonJS", "module.exports = () => 2;"],
    ["an ES module", "export default () => 2;"],
  ])("a .js without package.json: %s", async (_, text) => {
    const folder = mkdtempSync(join(tmpdir(), "reward-"));
    try {
      const path = join(folder, "two.js");
      writeFileSync(path, text);
      expect(await scores(["length"], { ...byCompletion, path })).toEqual([{ rewards: { mine: 2 } }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("every one that failed is named", async () => {
    expect(await scores(["reject"], byCompletion, typed, other)).toEqual([
      { failed: 'mine: threw "no judge"; other: threw "no judge"' },
    ]);
  });

  test("none", async () => {
    expect(await scores(["length"])).toEqual([{ rewards: {} }]);
  });
});

describe("a module that is no reward function", () => {
  test.each([
    ["no-such-file.mjs", "REWARD_NOT_FOUND", "does not exist"],
    ["no-default.mjs", "REWARD_NOT_A_FUNCTION", "has no default export"],
    ["not-a-function.mjs", "REWARD_NOT_A_FUNCTION", "exports 3, not a function"],
    ["missing-import.mjs", "REWARD_IMPORT_FAILED", "cannot be imported: Error: Cannot find module"],
    ["throws.mjs", "REWARD_IMPORT_FAILED", "cannot be imported: TypeError: no key for the judge (throws.mjs:1:7)"],
    ["exits.mjs", "REWARD_IMPORT_FAILED", "cannot be imported: its thread ended with exit code 4"],
  ])("%s", async (file, code, problem) => {
    const { path } = entry(file);
    await expect(openRewardFunctions([byCompletion, entry(file)])).rejects.toMatchObject({
      name: "RewardFunctionError",
      code,
      path,
      message: expect.stringContaining(`Reward function ${path} ${problem}`),
      hint: expect.stringMatching(/\.$/),
    });
  });

  test("one that never ends", async () => {
    const events = { started() {}, done() {}, ended() {} };
    await expect(startRewardThread(entry("endless.mjs"), events, 0.2).ready).rejects.toMatchObject({
      code: "REWARD_IMPORT_FAILED",
      message: expect.stringContaining("is not imported after 0.2 s"),
    });
  });
});

test("from a process and from a worker thread, as the apps are started; after close the process ends", () => {
  const script = new URL("../../test/rewards/score-in-worker.ts", import.meta.url).pathname;
  const flags = ["--conditions=@videor1/source", "--import", "tsx"];
  const output = execFileSync(process.execPath, [...flags, script], { encoding: "utf8", timeout: 120_000 });
  expect(output.trim().split("\n").sort()).toEqual(
    ['in a worker [{"rewards":{"mine":1}}]', "imported", "imported", 'in the process [{"rewards":{"mine":1}}]'].sort(),
  );
});

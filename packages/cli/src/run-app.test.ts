import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckpointError } from "@videor1/runs";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { type App, runApp } from "./run-app.ts";

const base = mkdtempSync(join(tmpdir(), "app-"));
afterAll(() => rmSync(base, { recursive: true }));
const file = join(base, "app.yaml");
writeFileSync(file, "model: tiny\n");

const schema = z.strictObject({ model: z.string(), steps: z.int().default(3) });
const run = vi.fn<App<typeof schema>["run"]>();
const out: string[] = [];
const err: string[] = [];
beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation((text) => void out.push(text));
  vi.spyOn(console, "error").mockImplementation((text) => void err.push(text));
  process.exitCode = undefined;
});
afterEach(() => {
  vi.restoreAllMocks();
  run.mockReset();
  out.length = err.length = 0;
  process.exitCode = undefined;
});

/** Exit code, stdout and stderr of the app with these arguments. */
async function app(argv: readonly string[], more: Partial<App<typeof schema>> = {}) {
  await runApp({ name: "app", description: "A test.", schema, run, argv, ...more });
  return { code: process.exitCode, out: out.join("\n"), err: err.join("\n") };
}

test("runs the config with its defaults and overrides; exit code 0", async () => {
  run.mockImplementation(async (_, { print }) => print("done"));
  expect(await app([file, "steps=5"])).toEqual({ code: undefined, out: "done", err: "" });
  expect(run).toHaveBeenCalledWith({ model: "tiny", steps: 5 }, expect.anything());
});

test("without a file the default config, with overrides or without", async () => {
  await app(["steps=5"], { defaultConfig: file });
  await app([], { defaultConfig: file });
  expect(run.mock.calls.map(([config]) => config.steps)).toEqual([5, 3]);
});

test("--dry-run prints a config file and stops there", async () => {
  const { code, out } = await app([file, "--dry-run"]);
  expect(parse(out)).toEqual({ model: "tiny", steps: 3 });
  expect(code).toBeUndefined();
  expect(run).not.toHaveBeenCalled();
});

test("--dry-run shows what the app would do first, as comments", async () => {
  const { out } = await app([file, "--dry-run"], { preview: async (_, { print }) => print("first:\n\n  a: 1") });
  expect(out).toMatch(/\n# first:\n#\n# {3}a: 1$/);
  expect(parse(out)).toEqual({ model: "tiny", steps: 3 });
});

test("--plan prints what the app plans, for this machine or a named card; exit code 1 if it does not fit", async () => {
  const plan = vi.fn<NonNullable<App<typeof schema>["plan"]>>(async (_, { card, print }) => {
    print(`on ${card}`);
    return card !== "small";
  });
  expect(await app([file, "--plan"], { plan })).toMatchObject({ code: undefined, out: "on undefined" });
  expect(await app([file, "--plan=small", "steps=5"], { plan })).toMatchObject({ code: 1 });
  expect(plan).toHaveBeenLastCalledWith({ model: "tiny", steps: 5 }, expect.anything());
  expect(run).not.toHaveBeenCalled();
});

test("--ignore-plan is told to the run; an app without a plan knows neither flag", async () => {
  await app([file, "--ignore-plan"], { plan: async () => false });
  expect(run).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ ignorePlan: true }));
  expect(await app([file, "--plan"])).toMatchObject({ code: 1, err: expect.stringContaining("Unknown flag --plan") });
});

test.each(["--help", "-h"])("%s explains", async (flag) => {
  const { code, out } = await app([flag]);
  expect(out).toContain("npm run app -- <config.yaml> [key.path=value ...] [flags]");
  expect(code).toBeUndefined();
});

test.each<[string, string[], RegExp]>([
  ["no config file", [], /Usage: npm run app/],
  ["an unknown flag", [file, "--steps=3"], /Unknown flag --steps=3.*Usage/s],
  ["--verify-resume where the app has no folder", [file, "--verify-resume"], /Unknown flag --verify-resume/],
  ["a file that is not there", [join(base, "none.yaml")], /none\.yaml.*no such file/s],
  ["an unknown key", [file, "stps=3"], /did you mean "steps"/],
])("%s: one message and exit code 1", async (_, argv, message) => {
  const { code, err } = await app(argv);
  expect(err).toMatch(message);
  expect(err).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
  expect(run).not.toHaveBeenCalled();
});

test("a failure that says what to do is told without a stack, any other with it", async () => {
  const own = new CheckpointError("CHECKPOINT_MISSING", { path: "runs/a", what: "holds none", hint: "Start anew" });
  run.mockRejectedValueOnce(own);
  expect(await app([file])).toMatchObject({ code: 1, err: "runs/a: holds none\nStart anew" });
  err.length = 0;
  run.mockRejectedValueOnce(new RangeError("a bug"));
  expect((await app([file])).err).toMatch(/RangeError: a bug\n {4}at /);
});

test("Ctrl-C aborts the signal; a run that stops for it ends with 130 and how to go on", async () => {
  const before = process.listeners("SIGINT");
  run.mockImplementation(async (_, { signal }) => {
    const [own] = process.listeners("SIGINT").filter((listener) => !before.includes(listener));
    own!("SIGINT");
    signal.throwIfAborted();
  });
  const { code, err } = await app([file]);
  expect(code).toBe(130);
  expect(err).toMatch(/Stopping after this step.*The same command goes on/s);
  expect(process.listeners("SIGINT")).toEqual(before);
});

test("a failure after Ctrl-C is still a failure", async () => {
  const before = process.listeners("SIGTERM");
  run.mockImplementation(async () => {
    const [own] = process.listeners("SIGTERM").filter((listener) => !before.includes(listener));
    own!("SIGTERM");
    throw new CheckpointError("CHECKPOINT_WRITE", { path: "runs/a", what: "disk full", hint: "Free space" });
  });
  expect(await app([file])).toMatchObject({ code: 1, err: expect.stringContaining("disk full\nFree space") });
});

test("a reader of the output that is gone ends no run; other faults of a stream do", async () => {
  run.mockImplementation(async (_, { print }) => {
    process.stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    print("done");
  });
  expect(await app([file])).toMatchObject({ code: undefined, out: "done" });
  expect(() => process.stdout.emit("error", Object.assign(new Error("no space"), { code: "ENOSPC" }))).toThrow(
    "no space",
  );
});

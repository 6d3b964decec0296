import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { hashPath } from "./hash-path.ts";
import { keepSettings, runSettings } from "./run-settings.ts";

let base: string;
let records: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "settings-"));
  records = join(base, "records.json");
  writeFileSync(records, "[1]");
});
afterEach(() => rmSync(base, { recursive: true }));

const config = { seed: 1, optimizer: { learningRate: 1, decay: undefined }, workers: 2 };
const settings = (changes: object = {}) => runSettings({ ...config, ...changes }, [records]);
const keep = async (changes: object, isBegun = true) =>
  keepSettings(join(base, "run"), await settings(changes), { isBegun, resumableKeys: ["workers"] });

test("saves the config as a config file", async () => {
  await keep({}, false);
  expect(parse(readFileSync(join(base, "run", "config.yaml"), "utf8"))).toEqual(JSON.parse(JSON.stringify(config)));
});

test("the same settings go on, and so do others that results do not depend on", async () => {
  await keep({}, false);
  await keep({});
  await keep({ workers: 8 });
});

test.each<[string, object, string[]]>([
  ["a changed value", { seed: 2 }, ["seed"]],
  ["a changed value further down", { optimizer: { learningRate: 2 } }, ["optimizer"]],
  ["a further key", { beta: 1 }, ["beta"]],
  ["a key less", { seed: undefined }, ["seed"]],
])("%s is refused", async (_, changes, changed) => {
  await keep({}, false);
  await expect(keep(changes)).rejects.toMatchObject({ name: "RunConfigError", code: "RUN_CONFIG_CHANGED", changed });
});

test("an input of other content is refused; one that is gone is not missed", async () => {
  await keep({}, false);
  writeFileSync(records, "[2]");
  await expect(keep({})).rejects.toThrow(
    `${join(base, "run")} holds results of other settings: the content of ${records}`,
  );
  rmSync(records);
  await keep({});
});

test("before there are results, settings may change", async () => {
  await keep({}, false);
  await keep({ seed: 2 }, false);
  await keep({ seed: 2 });
});

describe("a config that an earlier version saved", () => {
  const parseConfig = (saved: unknown) =>
    z
      .strictObject({
        seed: z.int(),
        optimizer: z.object({ learningRate: z.number(), decay: z.number().optional() }),
        workers: z.int(),
        /** Newer than the saved config. */
        beta: z.number().default(0.04),
      })
      .parse(saved);
  const resume = async (changes: object) =>
    keepSettings(join(base, "run"), await settings(changes), { isBegun: true, parseConfig });

  test("goes on with the default of a setting that is new, and with no other value of it", async () => {
    await keep({}, false);
    await resume({ beta: 0.04 });
    await expect(resume({ beta: 0.1 })).rejects.toMatchObject({
      changed: ["beta"],
      hint: expect.stringMatching(/^Choose another output folder/),
    });
  });

  test("is compared as it is where the schema does not know it any more, and the hint says whose it is", async () => {
    await keep({ numGenerations: 8 }, false);
    await expect(resume({ beta: 0.04 })).rejects.toMatchObject({
      changed: ["beta", "numGenerations"],
      hint: expect.stringMatching(/written by another version.*end the run with that version/),
    });
  });
});

test.each([
  ["config.yaml", "seed: [1"],
  ["config.yaml", ""],
  ["inputs.json", "{"],
  ["inputs.json", '{"records.json": 3}'],
])("a damaged %s is named: %j", async (name, text) => {
  await keep({}, false);
  writeFileSync(join(base, "run", name), text);
  await expect(keep({})).rejects.toMatchObject({ code: "RUN_FILE_BROKEN", path: join(base, "run", name) });
});

describe("a path and its content", () => {
  const model = () => join(base, "model");
  beforeEach(() => {
    mkdirSync(model());
    writeFileSync(join(model(), "config.json"), "{}");
  });
  const asked = (path: string, mediaRoot = "media", savedIn?: string) =>
    runSettings({ model: path, data: { mediaRoot, text: "a b" } }, [path], savedIn);
  const run = () => join(base, "run");

  test("another spelling, or a moved folder of the same content, is the same", async () => {
    keepSettings(run(), await asked(model()), { isBegun: false });
    keepSettings(run(), await asked(`${model()}/`, "./media/"), { isBegun: true });
    keepSettings(run(), await asked(join(base, "x", "..", "model")), { isBegun: true });
    renameSync(model(), join(base, "moved"));
    keepSettings(run(), await asked(join(base, "moved")), { isBegun: true });
  });

  test("other content is refused by its path, another value with its whole key and both values", async () => {
    keepSettings(run(), await asked(model()), { isBegun: false });
    writeFileSync(join(model(), "config.json"), "[]");
    const settings = await asked(model(), "other");
    expect(() => keepSettings(run(), settings, { isBegun: true })).toThrow(
      `other settings: data.mediaRoot ("media", now "other"), the content of ${model()}`,
    );
  });

  test("what lies beside the model's files is not looked at; nor is the hash of an earlier version, of all files, refused", async () => {
    writeFileSync(join(model(), "README.md"), "about");
    const settings = await asked(model());
    const whole = { ...settings, inputs: { [model()]: await hashPath(model()) } };
    keepSettings(run(), whole, { isBegun: false });
    keepSettings(run(), await asked(model(), "media", run()), { isBegun: true });
    rmSync(run(), { recursive: true });
    keepSettings(run(), settings, { isBegun: false });
    writeFileSync(join(model(), "README.md"), "more");
    keepSettings(run(), await asked(model(), "media", run()), { isBegun: true });
  });
});

/** 2,000 damaged configs, records, run folders and model files: each loads, or is refused with a message that says what to do. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BenchConfig } from "@videor1/bench";
import { loadConfig } from "@videor1/cli";
import { readExamples } from "@videor1/data";
import { MiniatureConfig } from "@videor1/miniature";
import { loadModel } from "@videor1/model-qwen25vl";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { RlConfig } from "@videor1/rl";
import { openRun, saveCheckpoint } from "@videor1/runs";
import { SftConfig } from "@videor1/sft";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { damagedJson, damagedText, shard } from "./damage.ts";
import { root, runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "fuzz-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

/** Runs `action`, and rethrows an error that has no message or hint. */
async function endsClearly(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    const { message, hint } = error as { message?: unknown; hint?: unknown };
    if (typeof hint !== "string" || hint === "" || typeof message !== "string" || message === "") throw error;
  }
}

const check = <T>(runs: number, arbitrary: fc.Arbitrary<T>, action: (value: T) => unknown) =>
  fc.assert(
    fc.asyncProperty(arbitrary, (value) => endsClearly(() => action(value))),
    { numRuns: runs, seed: 5 },
  );

const write = (path: string, content: string): string => {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), content);
  return join(work, path);
};

describe("settings", () => {
  const schemas = { sft: SftConfig, rl: RlConfig, bench: BenchConfig, miniature: MiniatureConfig };
  const files = ["sft/miniature", "rl/miniature", "bench/miniature", "rl/qwen25vl-7b", "miniature-smoke"];
  const texts = files.map((name) => readFileSync(join(root, `configs/${name}.yaml`), "utf8"));
  const app = fc.constantFrom("sft", "rl", "bench", "miniature" as const);

  test("600 config files", () =>
    check(600, fc.tuple(app, damagedText(texts)), ([app, text]) =>
      loadConfig(schemas[app], write("config.yaml", text)),
    ));

  test("300 overrides", () => {
    const key = fc.constantFrom(
      ...["seed", "data.phases.0.steps", "data.media", "engine.workers", "model", "tgrpo.temporal", "", "__proto__.x"],
    );
    const override = fc.oneof(
      fc.tuple(key, shard).map(([key, value]) => `${key}=${value}`),
      damagedText(["data.phases.0.records=a.json", "generation={maxCompletionLength: 3}", "data.media.nframes=[4, 8]"]),
    );
    return check(300, fc.tuple(app, fc.array(override, { minLength: 1, maxLength: 4 })), ([app, overrides]) =>
      loadConfig(schemas[app], write("config.yaml", texts[0]!), overrides),
    );
  });
});

test("five config files through the command line: a config or a message, and no stack", async () => {
  const texts = fc.sample(damagedText([readFileSync(join(root, "configs/rl/miniature.yaml"), "utf8")]), {
    seed: 5,
    numRuns: 5,
  });
  const results = await Promise.all(texts.map((text, i) => runCli("rl", [write(`cli-${i}.yaml`, text), "--dry-run"])));
  for (const { code, stdout, stderr } of results) {
    expect(code === 0 ? stdout : stderr).toMatch(code === 0 ? /^model: /m : /cli-\d\.yaml: \d+ mistakes?\n.*✖/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  }
  expect(new Set(results.map(({ code }) => code))).toEqual(new Set([0, 1]));
});

describe("records", () => {
  const records = () => JSON.parse(readFileSync(join(small.data, "sft-reason.json"), "utf8")).slice(0, 4) as object[];
  const jsonl = () =>
    records()
      .map((record) => JSON.stringify(record))
      .join("\n");

  test("400 files", () =>
    check(400, damagedText([JSON.stringify(records(), null, 1), jsonl()]), (text) =>
      readExamples(write("records.json", text)),
    ));

  test("300 records", () =>
    check(300, damagedJson(records()), (record) => readExamples(write("record.jsonl", `${JSON.stringify(record)}\n`))));
});

test("100 run folders", async () => {
  const sound = join(work, "sound");
  const open = async (outputDir: string) =>
    openRun({
      outputDir,
      config: { checkpoint: { everySteps: 1, keep: 2, keepBest: true }, maxFailedShare: 1, onNonFinite: "stop" },
      inputs: [],
      totalSteps: 9,
      module: import.meta.url,
    });
  const run = await open(sound);
  for (const step of [1, 2, 3]) {
    run.endStep({ trained: 1, others: [], metrics: { loss: 1 / step } });
    await run.checkpointIfDue({ epoch: 0 }, new AbortController().signal, async ({ root, step, state, keepLast }) => {
      await saveCheckpoint(root, { step, write: () => {}, optimizer: [], state }, { keepLast });
      return { safeStep: step };
    });
  }
  run.end();
  const paths = readdirSync(sound, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("events"))
    .map((entry) => join(entry.parentPath, entry.name).slice(sound.length + 1));
  const texts = new Map(
    [...paths, "run.lock"].map((path) => [
      path,
      path === "run.lock" ? '{"pid":1,"host":"x"}' : readFileSync(join(sound, path), "latin1"),
    ]),
  );
  const damaged = fc
    .constantFrom(...texts.keys())
    .chain((path) => fc.tuple(fc.constant(path), damagedText([texts.get(path)!])));
  const folder = join(work, "damaged");
  await check(100, damaged, async ([path, text]) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(sound, folder, { recursive: true });
    writeFileSync(join(folder, path), text, "latin1");
    const run = await open(folder);
    run.endStep({ trained: 1, others: [], metrics: { loss: 0 } });
    run.end();
  });
});

describe("models", () => {
  test("200 files of a processor and a model", () => {
    const names = [
      "config.json",
      "preprocessor_config.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "chat_template.json",
    ];
    const cases = fc.constantFrom(...names).chain((name) => {
      const text = readFileSync(join(small.init, name), "utf8");
      const value = damagedJson([JSON.parse(text)]).map((json) => JSON.stringify(json));
      return fc.tuple(fc.constant(name), fc.oneof(value, damagedText([text])));
    });
    const folder = join(work, "model");
    return check(200, cases, async ([name, text]) => {
      rmSync(folder, { recursive: true, force: true });
      cpSync(small.init, folder, { recursive: true });
      writeFileSync(join(folder, name), text);
      if (name === "config.json") (await loadModel(folder)).dispose();
      const processor = await loadProcessor(folder);
      processor([[{ role: "user", content: [{ type: "text", text: "which way does the circle move?" }] }]], [[]], {});
    });
  });

  test("100 clips", async () => {
    const processor = await loadProcessor(small.init);
    const size = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 2, 2010));
    const clip = fc.record({
      kind: fc.constantFrom("image" as const, "video" as const),
      frames: fc.integer({ min: 1, max: 5 }),
      height: size,
      width: size,
      fps: fc.constantFrom(2, 0.5, 30),
      minPixels: fc.constantFrom(1, 784, 3136),
      maxPixels: fc.constantFrom(1, 784, 100_000),
    });
    await check(100, clip, (some) => {
      const clip = { ...some, frames: some.kind === "image" ? 1 : some.frames };
      const rgb = new Uint8Array(clip.frames * clip.height * clip.width * 3);
      const content = [{ type: clip.kind }, { type: "text" as const, text: "?" }];
      processor([[{ role: "user", content }]], [[{ ...clip, rgb }]], {});
    });
  });
});

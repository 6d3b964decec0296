/** Mistakes and damage: one clear message, exit code 1, no stack; records that fail alone. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readManifest, readMetrics, readRollouts } from "@videor1/runs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "bad-input-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const out = (name: string) => join(work, "out", name);
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const records = (name: string) =>
  JSON.parse(readFileSync(join(small.data, name), "utf8")) as { data_type: string; path: string }[];
const write = (name: string, text: string): string => {
  writeFileSync(join(work, name), text);
  return join(work, name);
};
const phases = (file: string, steps = 2) => `data.phases=[{ records: ${file}, steps: ${steps} }]`;
const sft = (...more: string[]) =>
  runCli("sft", [...small.sft, phases(join(small.data, "sft-reason.json")), `outputDir=${out("sft")}`, ...more]);
const rl = (name: string, ...more: string[]) =>
  runCli("rl", [...small.rl, `model=${small.init}`, `outputDir=${out(name)}`, ...more]);

function expectRefusal({ code, stderr }: CliResult, ...messages: RegExp[]): void {
  for (const message of messages) expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
}

describe("settings", () => {
  test("an unknown key and a value of another type, both at once", async () => {
    const result = await sft("optimizer.learnigRate=1", "batchSize=many");
    expectRefusal(result, /learnigRate.*did you mean "learningRate"/, /batchSize=many.*expected number/);
  });

  test("a config file that is not there", async () => {
    expectRefusal(await runCli("sft", ["configs/none.yaml"]), /configs\/none\.yaml.*no such file/, /Check the path/);
  });

  test("a backend that is not installed", async () => {
    expectRefusal(await sft("engine.backend=tensorflow"), /tfjs-node is not installed/, /npm install/);
  });

  test("a folder that another run uses", async () => {
    const owner = { pid: process.pid, host: hostname(), born: null };
    cpSync(small.init, out("locked"), { recursive: true });
    writeFileSync(join(out("locked"), "run.lock"), JSON.stringify(owner));
    expectRefusal(
      await sft(`outputDir=${out("locked")}`),
      new RegExp(`process ${process.pid} .* is using this folder`),
    );
  });
});

describe("records", () => {
  test("broken JSON, at its line", async () => {
    const lines = records("sft-reason.json")
      .slice(0, 2)
      .map((record) => JSON.stringify(record));
    const file = write("broken.jsonl", [...lines, '{"problem_id": 3,', ...lines].join("\n"));
    expectRefusal(await sft(phases(file)), /broken\.jsonl, line 3: not valid JSON/);
  });

  test("none", async () => {
    expectRefusal(await sft(phases(write("empty.json", "[]\n"))), /empty\.json: the data set has no record/);
  });

  test("a validation split that shares records with training", async () => {
    const file = write("leak.json", JSON.stringify(records("sft-reason.json").slice(4, 6)));
    expectRefusal(
      await sft(`validation={ records: ${file} }`),
      /2 of 2 validation records are among those of training: problem_id 4 \(.*\), problem_id 5/,
      /shares no problem_id and no path/,
    );
  });

  test("media that are not there", async () => {
    const result = await sft(`data.media.mediaRoot=${work}`);
    expect(readManifest(out("sft")).ended).toMatchObject({ how: "failed", code: "TOO_MANY_FAILURES" });
    expectRefusal(result, /12 of 12 records failed; the last, record \d+: Media .* no file at/, /maxFailedShare/);
  });
});

describe("a record that breaks the rules", () => {
  const file = () => {
    const [image] = records("rl.json").filter(({ data_type }) => data_type === "image");
    return write("invalid.json", JSON.stringify([{ ...image, problem_id: 77, problem_type: "essay" }, image]));
  };
  const settings = ["promptsPerStep=1", "maxSteps=1"];

  test("stops the run, with the setting that would not", async () => {
    const result = await rl("invalid", `data.records=${file()}`, ...settings);
    expectRefusal(
      result,
      /invalid\.json, record 0 \(problem_id 77\): problem_type/,
      /onInvalid=skip in the section data/,
    );
  });

  test("is left out and named with data.onInvalid=skip", async () => {
    const { code, stdout } = await rl("skipped", `data.records=${file()}`, ...settings, "data.onInvalid=skip");
    expect(stdout).toMatch(/invalid\.json: 1 of 2 records break the record rules and are left out\n.*problem_id 77/);
    expect(code).toBe(0);
    expect(readMetrics(out("skipped"))).toMatchObject([{ trained: 1, skipped: 1 }]);
    expect(readLedger(out("skipped"))).toMatchObject([{ problemId: 77, outcome: "skipped", code: "RECORD_INVALID" }]);
    expect(readManifest(out("skipped")).ledger).toEqual({ trained: 1, byCode: { RECORD_INVALID: 1 } });
  });
});

describe("models", () => {
  const damaged = (name: string, damage: (folder: string) => void): string => {
    const folder = join(work, name);
    cpSync(small.init, folder, { recursive: true });
    damage(folder);
    return folder;
  };

  test("a folder that is not there", async () => {
    expectRefusal(await sft(`model=${work}/nowhere`), /nowhere: no such folder/, /Hugging Face/);
  });

  test("a config of another model", async () => {
    const model = damaged("llama", (folder) => {
      const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as object;
      writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, model_type: "llama" }));
    });
    expectRefusal(await sft(`model=${model}`), /llama\/config\.json: model_type.*"llama"/);
  });

  test("weights that are cut short", async () => {
    const model = damaged("cut", (folder) => truncateSync(join(folder, "model.safetensors"), 100_000));
    expectRefusal(await sft(`model=${model}`), /model\.safetensors/, /holds only .* bytes/, /download the file again/);
  });
});

describe("unusual runs end well", () => {
  test("a video that cannot be decoded fails alone; a step of nothing else makes no update", async () => {
    const [video] = records("rl.json").filter(({ data_type }) => data_type === "video");
    const [image] = records("rl.json").filter(({ data_type }) => data_type === "image");
    const broken = { ...video, path: "media/video/broken.mp4" };
    writeFileSync(join(small.data, broken.path), "not a video");
    const file = write("broken-video.json", JSON.stringify([broken, image]));
    const settings = [`data.records=${file}`, "promptsPerStep=1", "maxSteps=2", "maxFailedShare=0.5"];
    const { code, stdout } = await rl("failures", ...settings);
    expect(stdout).toContain(`1 of 2 records were not trained: ${out("failures")}/ledger.jsonl`);
    expect(stdout).toMatch(/ {2}failed +1 {2}MEDIA_UNREADABLE {2}the media file cannot be decoded/);
    expect(code).toBe(0);
    const [failure] = readLedger(out("failures"));
    expect(failure).toMatchObject({
      outcome: "failed",
      code: "MEDIA_UNREADABLE",
      reason: expect.stringMatching(/Cannot decode .*broken\.mp4/),
    });
    expect(readMetrics(out("failures"))).toMatchObject([{ trained: 1 }]);
    expect(readRollouts(out("failures"))).toMatchObject([{ dataType: "image", permutation: null }]);
  });

  test("an image of a shape that the model cannot take fails alone", async () => {
    const image = records("rl.json").find(({ data_type }) => data_type === "image")!;
    const line = { ...image, path: "media/image/line.png" };
    const pixels = { create: { width: 2010, height: 10, channels: 3, background: "red" } } as const;
    await sharp(pixels).png().toFile(join(small.data, line.path));
    const file = write("line.json", JSON.stringify([line, image]));
    const settings = [`data.records=${file}`, "promptsPerStep=2", "maxSteps=1", "maxFailedShare=0.5"];
    expect(await rl("line", ...settings)).toMatchObject({ code: 0 });
    expect(readLedger(out("line"))).toMatchObject([
      { step: 1, code: "SHAPE_REFUSED", reason: expect.stringMatching(/one side is 201\.0 times the other/) },
    ]);
    expect(readMetrics(out("line"))).toMatchObject([{ trained: 1, failed: 1 }]);
  });

  test.each(["sft", "rl"] as const)("%s: a text that holds a media token fails alone", async (app) => {
    const image = records("sft-reason.json").find(({ data_type }) => data_type === "image")!;
    const pad = { ...image, problem_id: 9001, problem: `What is <|video_pad|> here?` };
    const file = write(`pad-${app}.json`, JSON.stringify([pad, image]));
    const run =
      app === "rl"
        ? rl("pad-rl", `data.records=${file}`, "promptsPerStep=2", "maxSteps=1", "maxFailedShare=0.5")
        : sft(phases(file, 1), "maxFailedShare=0.5", `outputDir=${out("pad-sft")}`);
    expect(await run).toMatchObject({ code: 0 });
    expect(readLedger(out(`pad-${app}`))).toMatchObject([
      { step: 1, problemId: 9001, code: "TEXT_REFUSED", reason: expect.stringContaining("<|video_pad|>") },
    ]);
    expect(readMetrics(out(`pad-${app}`))).toMatchObject([{ trained: 1, failed: 1 }]);
  });

  test("plain GRPO with a clipped loss, no reference, and more parts than prompts", async () => {
    const settings = ["tgrpo.temporal=none", "loss.iterations=2", "loss.beta=0", "gradientAccumulationSteps=5"];
    const { code } = await rl("plain", ...settings, "promptsPerStep=3", "maxSteps=1");
    expect(code).toBe(0);
    const [metrics] = readMetrics(out("plain"));
    expect(metrics).toMatchObject({ clipFraction: expect.any(Number), trained: 3 });
    expect(Object.keys(metrics!)).not.toContain("kl");
    for (const group of readRollouts(out("plain")))
      expect(group).toMatchObject({ permutation: null, pShuffled: null, temporalReward: null, shuffled: [] });
  });

  test("SFT on whole conversations, of images alone, in more parts than records", async () => {
    const images = records("sft-reason.json").filter(({ data_type }) => data_type === "image");
    const file = write("images.json", JSON.stringify(images.slice(0, 3)));
    const { code } = await sft(phases(file, 1), "lossOn=all", "gradientAccumulationSteps=4", `outputDir=${out("all")}`);
    expect(code).toBe(0);
    expect(readMetrics(out("all"))).toMatchObject([{ step: 1, trained: 3 }]);
  });
});

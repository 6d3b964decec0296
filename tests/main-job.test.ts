/** The whole main job at smoke size, through the command line, and then its stages broken one by one. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, runCli } from "./run-cli.ts";

const work = mkdtempSync(join(tmpdir(), "videor1-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const lines = <T>(file: string): T[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const run = join(work, "run");
let first: CliResult;
beforeAll(() => {
  first = runCli("miniature", ["configs/miniature-smoke.yaml", `runDir=${run}`]);
}, 600_000);

describe("npm start at smoke size", () => {
  test("ends well and names its report", () => {
    expect(first.stderr).not.toMatch(/Error/);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`The report: ${join(run, "report.html")}`);
    expect(existsSync(join(run, "report.html"))).toBe(true);
  });

  test("SFT lowers the loss", () => {
    const losses = lines<{ loss: number }>(join(run, "sft/metrics.jsonl")).map(({ loss }) => loss);
    expect(losses).toHaveLength(50);
    expect(mean(losses.slice(30, 40))).toBeLessThan(0.3 * mean(losses.slice(0, 5)));
  });

  test("every record that was drawn ends once", () => {
    const last = lines<{ trained: number; failed: number }>(join(run, "sft/metrics.jsonl")).at(-1)!;
    expect(last.trained + last.failed).toBe(50 * 16);
    expect(last.failed).toBe(0);
  });

  test("rollouts hold what the metrics say", () => {
    interface Group {
      step: number;
      dataType: string;
      shuffled: unknown[];
      ordered: { accuracy: number; reward: number; advantage: number }[];
    }
    const groups = lines<Group>(join(run, "rl/rollouts.jsonl"));
    for (const metrics of lines<Record<string, number>>(join(run, "rl/metrics.jsonl"))) {
      const own = groups.filter(({ step }) => step === metrics["step"]);
      expect(own).toHaveLength(4);
      expect(mean(own.flatMap(({ ordered }) => ordered.map(({ accuracy }) => accuracy)))).toBeCloseTo(
        metrics["reward/accuracy"]!,
        12,
      );
    }
    for (const { dataType, ordered, shuffled } of groups) {
      expect(ordered).toHaveLength(8);
      expect(shuffled).toHaveLength(dataType === "video" ? 4 : 0);
    }
  });

  test("the trained models are Hugging Face folders", () => {
    for (const stage of ["sft", "rl"])
      for (const file of ["config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"])
        expect(existsSync(join(run, stage, "model", file)), `${stage}/model/${file}`).toBe(true);
  });

  test("the same command again repeats nothing and gives the same report table", () => {
    const again = runCli("miniature", ["configs/miniature-smoke.yaml", `runDir=${run}`]);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("holds a finished run");
    const table = (text: string) =>
      text.slice(text.indexOf("\n\n", text.indexOf("[6/6]")), text.indexOf("The report:"));
    expect(table(again.stdout)).toBe(table(first.stdout));
  }, 120_000);
});

describe("a stopped run", () => {
  const settings = (outputDir: string) => [
    "configs/rl/miniature.yaml",
    `model=${join(run, "sft/model")}`,
    `outputDir=${outputDir}`,
    `data.records=${join(run, "data/rl.json")}`,
    `data.media.mediaRoot=${join(run, "data")}`,
    "maxSteps=4",
    "promptsPerStep=2",
    "checkpoint.everySteps=2",
  ];
  const results = (folder: string) => ({
    weights: readFileSync(join(folder, "model/model.safetensors")).toString("base64"),
    rollouts: readFileSync(join(folder, "rollouts.jsonl"), "utf8"),
  });

  test("goes on from its checkpoint to the same weights and rollouts, with other numbers of workers too", () => {
    const whole = join(work, "whole");
    expect(runCli("rl", [...settings(whole), "engine.workers=1"]).code).toBe(0);
    const broken = join(work, "broken");
    expect(runCli("rl", [...settings(broken), "engine.workers=2"]).code).toBe(0);
    // As after a kill between the checkpoint of step 2 and the end: lines of later steps are there, one of them cut short.
    rmSync(join(broken, "model"), { recursive: true });
    rmSync(join(broken, "checkpoints/checkpoint-4"), { recursive: true });
    writeFileSync(join(broken, "checkpoints/latest"), "checkpoint-2\n");
    truncateSync(join(broken, "rollouts.jsonl"), readFileSync(join(broken, "rollouts.jsonl")).length - 10);
    expect(runCli("rl", [...settings(broken), "engine.workers=2"]).code).toBe(0);
    expect(results(broken)).toEqual(results(whole));
  }, 300_000);

  test("refuses other settings in the same folder", () => {
    const { code, stderr } = runCli("rl", [...settings(join(work, "whole")), "loss.beta=0.5"]);
    expect(code).toBe(1);
    expect(stderr).toContain("other settings: loss");
  });
});

describe("bad input ends with one clear message and exit code 1", () => {
  const bad = join(work, "bad");
  const data = join(bad, "data");
  const model = join(bad, "model");
  const sft = (...more: string[]) =>
    runCli("sft", [
      "configs/sft/miniature.yaml",
      `model=${model}`,
      `outputDir=${join(bad, "out")}`,
      `data.media.mediaRoot=${data}`,
      `data.phases=[{ records: ${join(data, "sft-reason.json")}, steps: 2 }]`,
      "batchSize=8",
      ...more,
    ]);
  beforeAll(() => {
    cpSync(join(run, "data"), data, { recursive: true });
    cpSync(join(run, "init"), model, { recursive: true });
  });
  const expectRefusal = ({ code, stderr }: CliResult, ...messages: (string | RegExp)[]) => {
    for (const message of messages) expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /); // no stack
    expect(code).toBe(1);
  };

  test("an unknown config key", () => {
    expectRefusal(sft("optimizer.learnigRate=1"), /optimizer\.learnigRate.*did you mean "learningRate"/);
  });

  test("a value of another type", () => {
    expectRefusal(sft("batchSize=many"), /batchSize=many/, /expected int|expected number/);
  });

  test("a config file that is not there", () => {
    expectRefusal(runCli("sft", ["configs/none.yaml"]), /configs\/none\.yaml/);
  });

  test("broken JSON at a line", () => {
    const file = join(data, "broken.jsonl");
    const [line] = lines<object[]>(join(data, "one-line.json"));
    writeFileSync(file, `${JSON.stringify(line![0])}\n${JSON.stringify(line![1])}\n{"problem_id": 3,\n`);
    expectRefusal(sft(`data.phases=[{ records: ${file}, steps: 2 }]`), /broken\.jsonl:3/);
  });

  test("an empty data set", () => {
    writeFileSync(join(data, "empty.json"), "[]\n");
    expectRefusal(
      sft(`data.phases=[{ records: ${join(data, "empty.json")}, steps: 2 }]`),
      /empty\.json/,
      /no records|empty/i,
    );
  });

  test("missing media", () => {
    cpSync(join(data, "media"), join(bad, "media-kept"), { recursive: true });
    rmSync(join(data, "media"), { recursive: true });
    const result = sft();
    cpSync(join(bad, "media-kept"), join(data, "media"), { recursive: true });
    expectRefusal(result, /records failed/, /media/);
  });

  test("a config for another model", () => {
    const config = JSON.parse(readFileSync(join(model, "config.json"), "utf8")) as object;
    writeFileSync(join(model, "config.json"), JSON.stringify({ ...config, model_type: "llama" }));
    const result = sft();
    copyFileSync(join(run, "init/config.json"), join(model, "config.json"));
    expectRefusal(result, /model_type/, /llama/);
  });

  test("a truncated safetensors file", () => {
    truncateSync(join(model, "model.safetensors"), 100_000);
    const result = sft();
    copyFileSync(join(run, "init/model.safetensors"), join(model, "model.safetensors"));
    expectRefusal(result, /model\.safetensors/, /truncated|bytes/);
  });

  test("a model folder that is not there", () => {
    expectRefusal(sft(`model=${join(bad, "nowhere")}`), /nowhere/);
  });

  beforeAll(() => {
    const records = JSON.parse(readFileSync(join(run, "data/sft-reason.json"), "utf8")) as object[];
    writeFileSync(join(bad, "data/one-line.json"), `${JSON.stringify(records.slice(0, 2))}\n`);
  });
});

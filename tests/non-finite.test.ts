/** Numbers that overflow, by a damaged weight and by an absurd learning rate: the run stops or skips the step, by its config. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLedger, readMetrics } from "@videor1/runs";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "non-finite-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const out = (name: string) => join(work, "out", name);
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const ledger = (name: string) => readLedger(out(name));
const metrics = (name: string) => readMetrics(out(name));
const weights = (folder: string) => readFileSync(join(folder, "model.safetensors"));

/** A copy of a model with an untied output layer and a NaN embedding of one word, which breaks only prompts with it. */
function withDamagedWord(model: string, folder: string, word: string): string {
  cpSync(model, folder, { recursive: true });
  const edit = (name: string, change: (content: Record<string, unknown>) => object) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>)));
  };
  edit("config.json", (config) => ({ ...config, tie_word_embeddings: false }));
  const { model: vocabulary } = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number> };
  };
  const file = openSafetensors(join(model, "model.safetensors"));
  const tensors = file.names.map((name): SafetensorsTensor => {
    return { name, dtype: "F32", shape: file.info(name).shape, data: Float32Array.from(file.read(name)) };
  });
  file.close();
  const embedding = tensors.find(({ name }) => name === "model.embed_tokens.weight")!;
  const damaged = (embedding.data as Float32Array).slice();
  const width = embedding.shape[1]!;
  damaged.fill(Number.NaN, vocabulary.vocab[word]! * width, (vocabulary.vocab[word]! + 1) * width);
  const others = tensors.filter((tensor) => tensor !== embedding);
  writeSafetensors(join(folder, "model.safetensors"), [
    ...others,
    { ...embedding, name: "lm_head.weight" },
    { ...embedding, data: damaged },
  ]);
  return folder;
}

describe("SFT on a model that overflows on one word", () => {
  const sft = (name: string, ...more: string[]) =>
    runCli("sft", [
      ...small.sft,
      `model=${join(work, "damaged")}`,
      `data.phases=[{ records: ${join(small.data, "sft-reason.json")}, steps: 15 }]`, // each record once,
      ...["batchSize=4", "checkpoint.everySteps=1", `outputDir=${out(name)}`, ...more],
    ]);
  const hasWord = () => {
    const records = JSON.parse(readFileSync(join(small.data, "sft-reason.json"), "utf8")) as {
      problem_id: number | string;
      problem: string;
    }[];
    return new Set(records.filter(({ problem }) => problem.includes("read")).map(({ problem_id }) => problem_id));
  };
  beforeAll(() => {
    withDamagedWord(small.init, join(work, "damaged"), "read");
  });

  test("stops by default, with the records named and the checkpoint before it whole", async () => {
    const { code, stderr } = await sft("stopped");
    const entries = ledger("stopped");
    const { step } = entries[0]!;
    const ids = entries.map(({ problemId }) => problemId);
    expect(ids).toHaveLength(4);
    expect(stderr).toContain(
      `Step ${step}, records ${ids.join(", ")} (${out("stopped")}/ledger.jsonl): The loss is NaN`,
    );
    expect(stderr).toContain("onNonFinite=skip");
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(1);
    expect(metrics("stopped")).toHaveLength(step - 1);
    if (step > 1)
      expect(readFileSync(join(out("stopped"), "checkpoints/latest"), "utf8")).toBe(`checkpoint-${step - 1}\n`);
  });

  test("goes on with the same command and onNonFinite=skip, and learns from all other steps", async () => {
    const { code, stdout } = await sft("stopped", "onNonFinite=skip");
    expect(code).toBe(0);
    const entries = ledger("stopped");
    expect(stdout).toContain(`${entries.length} of 60 records were not trained`);
    expect(stdout).toMatch(/skipped +\d+ {2}NON_FINITE_STEP/);
    const steps = [...new Set(entries.map(({ step }) => step))];
    const words = hasWord();
    expect(entries.filter(({ problemId }) => words.has(problemId))).toHaveLength(words.size);
    for (const step of steps)
      expect(entries.some((entry) => entry.step === step && words.has(entry.problemId))).toBe(true);
    expect(metrics("stopped").map(({ step }) => step)).toEqual(
      Array.from({ length: 15 }, (_, i) => i + 1).filter((step) => !steps.includes(step)),
    );
    for (const { loss } of metrics("stopped")) expect(loss).toEqual(expect.any(Number));
    expect(metrics("stopped").at(-1)).toMatchObject({ trained: 60 - entries.length });
  });

  test("a whole run with one worker skips the same and ends with the same weights", async () => {
    const { code } = await sft("whole", "onNonFinite=skip", "engine.workers=1");
    expect(code).toBe(0);
    expect(ledger("whole")).toEqual(ledger("stopped"));
    expect(weights(join(out("whole"), "model")).equals(weights(join(out("stopped"), "model")))).toBe(true);
    expect(weights(join(out("whole"), "model")).equals(weights(join(work, "damaged")))).toBe(false);
  });
});

describe("T-GRPO", () => {
  const rl = (name: string, ...more: string[]) =>
    runCli("rl", [...small.rl, `model=${small.init}`, `outputDir=${out(name)}`, ...more]);
  const absurd = ["optimizer.learningRate=1e36", "checkpoint.everySteps=1", "checkpoint.keep=9"];

  test("on a model that cannot be sampled from stops at its first step", async () => {
    const { code, stderr } = await rl("nan", `model=${withDamagedWord(small.init, join(work, "nan"), "?")}`);
    expect(stderr).toMatch(/Step 1, records \d+, \d+ .*: The model's logits are not finite/);
    expect(code).toBe(1);
    expect(ledger("nan")).toHaveLength(2);
  });

  test("at an absurd learning rate makes one update and stops", async () => {
    const { code, stderr } = await rl("rl", "maxSteps=3", ...absurd);
    expect(stderr).toMatch(/Step 2, records \d+, \d+ .*: The gradient norm is NaN/);
    expect(code).toBe(1);
    expect(ledger("rl")).toMatchObject([
      { step: 2, outcome: "skipped", code: "NON_FINITE_STEP" },
      { step: 2, code: "NON_FINITE_STEP" },
    ]);
  });

  test("or skips all that follow: every replica keeps the weights of the last update", async () => {
    const { code } = await rl("rl", "maxSteps=3", "onNonFinite=skip", ...absurd);
    expect(code).toBe(0);
    expect(ledger("rl").map(({ step }) => step)).toEqual([2, 2, 3, 3]);
    expect(weights(join(out("rl"), "model")).equals(weights(join(out("rl"), "checkpoints/checkpoint-1")))).toBe(true);
  });

  test("but not for ever", async () => {
    const { code, stderr } = await rl("long", "maxSteps=20", "onNonFinite=skip", ...absurd);
    expect(stderr).toMatch(/Step 11, .*; nor were the 9 steps before finite\nThe weights are broken/);
    expect(code).toBe(1);
    expect(existsSync(join(out("long"), "model"))).toBe(false);
  });
});

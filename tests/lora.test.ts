/** LoRA from the command line: SFT, T-GRPO from its adapter with a reference, stops and kills, evaluation, merging. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tidy } from "@tensorflow/tfjs-core";
import { loadConfig } from "@videor1/cli";
import { loadAdapter, loadModel, withAdapter } from "@videor1/model-qwen25vl";
import { RlConfig } from "@videor1/rl";
import { readMetrics, readRollouts } from "@videor1/runs";
import { openSafetensors } from "@videor1/safetensors";
import { SftConfig } from "@videor1/sft";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { resultsOf } from "./results-of.ts";
import { root, runCli, signalWhen, startCli } from "./run-cli.ts";
import { makeSmallData, type SmallData } from "./small-data.ts";

const work = mkdtempSync(join(tmpdir(), "lora-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const whole = { sft: join(work, "sft"), rl: join(work, "rl") };
const adapterOf = (app: "sft" | "rl") => join(whole[app], "model");
let small: SmallData;
beforeAll(async () => {
  small = await makeSmallData(work);
});

const settings = {
  sft: () => [
    ...[...small.sft, "lora={ rank: 4, alpha: 16, rsLora: true }", "data.phases.0.steps=24", "data.phases.1.steps=6"],
    ...["optimizer.learningRate=2e-2", "checkpoint.everySteps=10", "engine.backend=wasm"],
  ],
  rl: () => [
    ...[...small.rl, `model=${small.init}`, `adapter=${adapterOf("sft")}`, "loss.beta=0.04", "maxSteps=6"],
    ...["checkpoint.everySteps=2", "engine.backend=wasm"],
  ],
};

const bytes = (path: string) => readFileSync(path).toString("base64");
const results = (folder: string, steps: number) => ({
  adapter: bytes(join(folder, "model/adapter_model.safetensors")),
  optimizer: bytes(join(folder, `checkpoints/checkpoint-${steps}/optimizer.safetensors`)),
  metrics: readMetrics(folder).map(resultsOf),
  rollouts: existsSync(join(folder, "rollouts.jsonl")) ? readRollouts(folder) : [],
});

describe.each([
  ["sft", 30],
  ["rl", 6],
] as const)("%s", (app, steps) => {
  test("a whole run leaves an adapter, and says how much of the model it trained", async () => {
    const { code, stdout, stderr } = await runCli(app, [...settings[app](), `outputDir=${whole[app]}`]);
    expect(stderr).not.toMatch(/Error/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0\.\d\d M of 0\.\d\d M parameters trained on 2 x wasm/m);
    expect(stdout).toContain(`The adapter: ${adapterOf(app)}`);
    expect(readdirSync(adapterOf(app)).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
  });

  test("its checkpoints hold the adapter and its optimizer alone", () => {
    const folder = join(whole[app], `checkpoints/checkpoint-${steps}`);
    const sizeOf = (path: string) => statSync(path).size;
    const files = ["adapter_config.json", "adapter_model.safetensors", "optimizer.safetensors", "state.json"];
    expect(readdirSync(folder).sort()).toEqual(files);
    const adapter = sizeOf(join(folder, "adapter_model.safetensors"));
    expect(sizeOf(join(folder, "optimizer.safetensors"))).toBeLessThan(3 * adapter);
    expect(adapter).toBeLessThan(sizeOf(join(small.init, "model.safetensors")) / 4);
    const optimizer = openSafetensors(join(folder, "optimizer.safetensors"));
    expect(optimizer.names.every((name) => /^base_model\.model\..+\.lora_[AB]\.weight\./.test(name))).toBe(true);
    optimizer.close();
  });

  test.runIf(app === "rl" || process.env.LONG_TESTS)(
    "stopped, killed and gone on with, on two workers, it ends with the same bytes",
    async () => {
      const broken = join(work, `${app}-broken`);
      const start = () => startCli(app, [...settings[app](), `outputDir=${broken}`, "engine.workers=2"]);
      const latest = () => {
        const file = join(broken, "checkpoints/latest");
        return existsSync(file) ? readFileSync(file, "utf8") : "";
      };
      const stepsMade = () => (existsSync(join(broken, "metrics.jsonl")) ? readMetrics(broken).length : 0);
      expect(await signalWhen(start(), "SIGINT", () => stepsMade() >= 1)).toMatchObject({ code: 130 });
      const stopped = latest();
      expect(await signalWhen(start(), "SIGKILL", () => latest() !== stopped)).toMatchObject({ code: null });
      expect(await start().ended).toMatchObject({ code: 0 });
      expect(results(broken, steps)).toEqual(results(whole[app], steps));
    },
  );
});

test("SFT learned, by the adapter alone", () => {
  const losses = readMetrics(whole.sft).map(({ loss }) => loss!);
  expect(losses[23]!).toBeLessThan(0.8 * losses[0]!);
});

test("T-GRPO begins at the SFT adapter, which is its reference, and leaves it", () => {
  const [first, ...others] = readMetrics(whole.rl).filter((line) => line.kl !== undefined);
  expect(Math.abs(first!.kl!)).toBeLessThan(1e-9);
  expect(Math.max(...others.map(({ kl }) => kl!))).toBeGreaterThan(1e-6);
  expect(bytes(join(adapterOf("rl"), "adapter_model.safetensors"))).not.toBe(
    bytes(join(adapterOf("sft"), "adapter_model.safetensors")),
  );
});

test("a new adapter on a model: the reference is the model itself", async () => {
  const outputDir = join(work, "rl-new");
  const own = [...small.rl, `model=${small.init}`, "lora={ rank: 2, alpha: 4 }", "loss.beta=0.04", "maxSteps=2"];
  expect(await runCli("rl", [...own, `outputDir=${outputDir}`])).toMatchObject({ code: 0 });
  const replayed = await runCli("replay", [outputDir, "2"]);
  expect(replayed.stdout).toContain("all metrics agree");
});

test("a recorded step of the adapter's run is recomputed", async () => {
  const { code, stdout } = await runCli("replay", [whole.rl, "5"]);
  expect(stdout).toContain("all metrics agree");
  expect(code).toBe(0);
});

describe("the adapter switched on, and merged", () => {
  const merged = join(work, "merged");
  const args = () => [`model=${small.init}`, `adapter=${adapterOf("sft")}`, "engine.backend=wasm"];

  test("merge writes a whole model with the same logits", async () => {
    const { code, stdout } = await runCli("merge", [...args(), `outputDir=${merged}`]);
    expect(stdout).toContain(`The model: ${merged}`);
    expect(code).toBe(0);
    expect(readdirSync(merged).sort()).toEqual(readdirSync(small.init).sort());
    const base = await loadModel(small.init);
    const adapted = withAdapter(base, await loadAdapter(adapterOf("sft"), base.config));
    const whole = await loadModel(merged);
    const last = base.config.text.vocabSize - 1; // words, no special tokens
    const inputs = {
      inputIds: { data: Int32Array.from({ length: 24 }, (_, i) => last - 2 * i), shape: [1, 24] as const },
    };
    const [expected, found, plain] = [adapted, whole, base].map((model) =>
      tidy(() => model.forward(inputs).logits.dataSync<"float32">().slice()),
    );
    const distance = (a: Float32Array, b: Float32Array) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
    expect(distance(found!, expected!)).toBeLessThan(1e-4);
    expect(distance(plain!, expected!)).toBeGreaterThan(0.1);
  });

  test.runIf(process.env.LONG_TESTS)(
    "bench gives the answers of the merged model, and not those of the model",
    async () => {
      const questions = [
        ...["configs/bench/miniature.yaml", `data.records=${small.data}/rl.json`, `data.media.mediaRoot=${small.data}`],
        ...[
          "batchSize=4",
          "generation.maxCompletionLength=24",
          "engine.backend=wasm",
          `outputDir=${join(work, "bench")}`,
        ],
      ];
      const answersOf = async (name: string, own: readonly string[]) => {
        expect(await runCli("bench", [...questions, ...own, `name=${name}`])).toMatchObject({ code: 0 });
        return readFileSync(join(work, "bench", name, "ordered.jsonl"), "utf8")
          .split("\n")
          .sort();
      };
      const adapted = await answersOf("adapted", args());
      expect(await answersOf("merged", [`model=${merged}`])).toEqual(adapted);
      expect(await answersOf("plain", [`model=${small.init}`])).not.toEqual(adapted);
    },
  );

  test.each<[string, () => string[], RegExp]>([
    [
      "an input as output",
      () => [...args(), `outputDir=${small.init}`],
      /is a folder that the merge reads\nGive a new folder/,
    ],
    ["a folder of something else", () => [...args(), `outputDir=${work}`], /holds something else than a model/],
    [
      "an adapter of nothing",
      () => [`model=${small.init}`, `adapter=${work}`, `outputDir=${merged}`],
      /there is no adapter_config.json/,
    ],
    [
      "the adapter as model",
      () => [`model=${adapterOf("sft")}`, `adapter=${adapterOf("sft")}`, `outputDir=${join(work, "m2")}`],
      /The folder holds a LoRA adapter/,
    ],
  ])("merge refuses %s", async (_, settings, message) => {
    const { code, stderr } = await runCli("merge", settings());
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

describe.skipIf(!torch)(`on torch${whyNot}`, () => {
  test.each(process.env.LONG_TESTS ? ["lora={ rank: 4, alpha: 8 }", "trainable=language"] : [])(
    "in bfloat16, a kill changes nothing: %s",
    async (part) => {
      const own = [part, "engine.backend=torch", "dtype=bfloat16", "data.phases.0.steps=3", "data.phases.1.steps=1"];
      const outputDir = join(work, `bf16-${part.slice(0, 4)}`);
      const args = [...small.sft, ...own, "checkpoint.everySteps=1", `outputDir=${outputDir}`, "--verify-resume=1"];
      const { code, stdout } = await runCli("sft", args);
      expect(stdout).toContain("1 of 1 kills changed nothing");
      expect(code).toBe(0);
    },
  );

  test("the decode loop of the backend samples from the adapted policy: its log-probabilities are recomputed", async () => {
    const outputDir = join(work, "rl-torch");
    const own = ["engine.backend=torch", "maxSteps=2", `outputDir=${outputDir}`];
    expect(await runCli("rl", [...settings.rl(), ...own])).toMatchObject({ code: 0 });
    const { code, stdout } = await runCli("replay", [outputDir, "2"]);
    expect(stdout).toContain("all metrics agree");
    expect(code).toBe(0);
  });
});

test.each<[string, string[], string]>([
  ["lora and adapter", ["lora={ rank: 2, alpha: 4 }", "adapter=x"], "give one of them"],
  ["lora and a frozen tower", ["lora={ rank: 2, alpha: 4 }", "trainable=language"], "leave out trainable"],
  ["an unknown target", ["lora={ rank: 2, alpha: 4, targets: [lm_head] }"], "lora.targets"],
])("refused: %s", (_, own, message) => {
  for (const [app, schema] of [
    ["sft", SftConfig],
    ["rl", RlConfig],
  ] as const) {
    const [file, ...settings] = [...small[app], `model=${small.init}`, ...own, `outputDir=${work}/no`];
    expect(() => loadConfig(schema, join(root, file!), settings)).toThrow(message);
  }
});

test("trainable: language leaves the vision tower's weights, and no moments of them", async () => {
  const outputDir = join(work, "language");
  const own = ["trainable=language", "data.phases.0.steps=3", "data.phases.1.steps=1", "engine.backend=wasm"];
  const { code, stdout } = await runCli("sft", [...small.sft, ...own, `outputDir=${outputDir}`]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/M of 0\.\d\d M parameters trained/);
  const read = (folder: string) => {
    const file = openSafetensors(join(folder, "model.safetensors"));
    const values = new Map(file.names.map((name) => [name, file.read(name)]));
    file.close();
    return values;
  };
  const [before, after] = [read(small.init), read(join(outputDir, "model"))];
  const changed = [...before]
    .filter(([name, values]) => String(values) !== String(after.get(name)))
    .map(([name]) => name);
  expect(changed.filter((name) => name.startsWith("visual."))).toEqual([]);
  expect(changed.length).toBeGreaterThan(10);
  const optimizer = openSafetensors(join(outputDir, "checkpoints/checkpoint-4/optimizer.safetensors"));
  expect(optimizer.names.some((name) => name.includes("layers.0"))).toBe(true);
  expect(optimizer.names.filter((name) => name.includes("visual"))).toEqual([]);
  optimizer.close();
});

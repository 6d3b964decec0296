// npm run bench:memory [-- --steps 1000]
// Memory over many T-GRPO steps at smoke size, on one thread, each step with other prompts: a line every tenth of the way
// after a garbage collection, how the second half grew, and all of it as JSON on the last line.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dispose, memory } from "@tensorflow/tfjs-core";
import { loadConfig } from "@videor1/cli";
import { initEngine } from "@videor1/engine";
import { loadModel } from "@videor1/model-qwen25vl";
import { loadProcessor } from "@videor1/processor-qwen25vl";
import { TgrpoOptions } from "@videor1/tgrpo";
import { adamw, clipFactor } from "@videor1/train";
import { MiniatureConfig } from "../src/config.ts";
import { makeModel } from "../src/make-model.ts";
import { draw, textsOf } from "./questions.ts";
import { benchPrompt, rlStep } from "./rl-step.ts";

const { values: flags } = parseArgs({ options: { steps: { type: "string", default: "1000" } } });
const steps = Number(flags.steps);
const { backend, device } = await initEngine();
const { gc } = globalThis;
if (!gc) throw new Error("Run it by `npm run bench:memory`: it needs node --expose-gc.");

const items = Array.from({ length: 64 }, (_, i) => draw(i));
const folder = mkdtempSync(join(tmpdir(), "videor1-memory-"));
const { model: size } = loadConfig(MiniatureConfig, "configs/miniature-smoke.yaml");
const parameters = await makeModel(folder, size, items.flatMap(textsOf), 0);
const processor = await loadProcessor(folder);
const [model, reference] = [await loadModel(folder), await loadModel(folder)];
rmSync(folder, { recursive: true });
const optimizer = adamw(model.parameters, { beta1: 0.9, beta2: 0.99, eps: 1e-8, weightDecay: 0.01 });

const options = TgrpoOptions.parse({ rollout: { numGenerations: 4, maxCompletionLength: 16, topP: 1 } });

async function trainStep(step: number): Promise<void> {
  const prompts = [0, 1].map((i) => {
    const seeds = Array.from({ length: options.rollout.numGenerations }, (_, k) => 10 * step + k);
    return benchPrompt(processor, items[(2 * step + i) % items.length]!, String(i), seeds);
  });
  const { grads } = await rlStep({ model, reference, processor, options, prompts });
  optimizer.step(grads, 1e-4, clipFactor(grads, 5).factor);
  dispose(grads);
}

const megabytes = (bytes: number) => Math.round(bytes / 1e4) / 100;
function sample(step: number) {
  gc!();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const { numTensors: tensors, numBytes } = memory();
  const [heap, outside, buffers] = [heapUsed, external, arrayBuffers].map(megabytes) as [number, number, number];
  return {
    step,
    tensors,
    tensorBytes: numBytes,
    heap,
    external: outside,
    arrayBuffers: buffers,
    resident: megabytes(rss),
  };
}

console.log(
  `${backend}, ${device}, Node ${process.version}, ${parameters} parameters; MB after a garbage collection\n`,
);
const names = ["step", "tensors", "tensorBytes", "heap", "external", "arrayBuffers", "resident"] as const;
console.log(names.map((name) => name.padStart(13)).join(""));
const samples: ReturnType<typeof sample>[] = [];
for (let step = 0; step <= steps; step++) {
  if (step % Math.ceil(steps / 10) === 0 && step > 0) {
    samples.push(sample(step));
    console.log(names.map((name) => String(samples.at(-1)![name]).padStart(13)).join(""));
  }
  if (step < steps) await trainStep(step);
}
const middle = samples[Math.floor((samples.length - 1) / 2)]!;
const growth = Object.fromEntries(
  names.map((name) => [name, Math.round(100 * (samples.at(-1)![name] - middle[name])) / 100]),
);
console.log(`\nFrom step ${middle.step} to the last: ${JSON.stringify(growth)}`);
console.log(
  `\n${JSON.stringify({ bench: "memory", backend, device, node: process.version, parameters, samples, growth })}`,
);

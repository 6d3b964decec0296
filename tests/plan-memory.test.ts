/** What `--plan` counts against what torch holds, phase by phase, in steps as the apps make them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { neg, type Scalar, sum, tidy } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import {
  completionsOf,
  loadReference,
  loadTrained,
  type Qwen25VL,
  readConfig,
  type TrainedPart,
} from "@videor1/model-qwen25vl";
import {
  batchSize,
  type Policy,
  policyGradients,
  TgrpoOptions,
  type TrainedGroup,
  withReferenceLogps,
} from "@videor1/tgrpo";
import { createReplica, OptimizerOptions } from "@videor1/train";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inputsOf } from "../apps/gpu-check/src/inputs-of.ts";
import { sizes } from "../apps/gpu-check/src/sizes.ts";
import { adapterOf } from "../packages/plan/src/index.ts";
import type { Job } from "../packages/plan/src/job.ts";
import { type PhaseName, phasesOf } from "../packages/plan/src/phases.ts";
import { stateBytes, trainedCount } from "../packages/plan/src/state-bytes.ts";
import { torch, whyNot } from "../packages/tfjs-backend-torch/test/torch.ts";
import { heldBytes, makeModel, peakOf } from "./memory.ts";

const folder = mkdtempSync(join(tmpdir(), "plan-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [textTokens, answerTokens, completions] = [24, 40, 4];
const grid = [2, 8, 8] as const;
const clip = { ...sizes.tiny!, grid: [...grid], textBefore: 12, textAfter: 12 };
const promptsOf = (rows: number) => inputsOf(clip, rows, 0);
const answer = Int32Array.from({ length: answerTokens }, (_, i) => 3 + i);

interface Case {
  name: string;
  width: number;
  job: Partial<Job>;
  part?: Partial<TrainedPart>;
}

const lora: TrainedPart["lora"] = { rank: 8, alpha: 8, rsLora: false, targets: ["q_proj", "v_proj", "down_proj"] };

const cases: Case[] = [
  ...(process.env.LONG_TESTS ? [64, 128, 192] : [64]).flatMap((width): Case[] => [
    { name: "SFT, one part", width, job: { parts: 1, promptsPerStep: 2 } },
    { name: "T-GRPO with a reference, two parts", width, job: { parts: 2, promptsPerStep: 2, rl: rl("copy") } },
    { name: "T-GRPO of an adapter", width, job: { parts: 1, promptsPerStep: 2, rl: rl("shared") }, part: { lora } },
  ]),
  { name: "SFT, moments in 8 bits", width: 128, job: { parts: 2, promptsPerStep: 2, optimizer: { moments: "int8" } } },
  { name: "SFT of the language model", width: 64, job: { parts: 2, promptsPerStep: 4, trainable: "language" } },
  { name: "SFT on whole conversations", width: 64, job: { promptsPerStep: 2, wholeConversation: true } },
  { name: "SFT in float32, without recomputation", width: 64, job: { dtype: "float32", gradientCheckpointing: false } },
];

function rl(reference: "copy" | "shared"): NonNullable<Job["rl"]> {
  return { completions, shuffled: 2, contrast: false, reference, iterations: 1 };
}

describe.skipIf(!torch)(`planned memory${whyNot}`, () => {
  beforeAll(async () => void (await initEngine({ backend: "torch" })));

  test.each(cases)("$name, $width wide", async ({ width, job: given, part }) => {
    const path = await makeModel(width, folder);
    const model = readConfig(path);
    const job: Job = {
      model,
      dtype: "bfloat16",
      gradientCheckpointing: true,
      trainable: "all",
      adapter: adapterOf({ ...part }, model),
      optimizer: { moments: "float32" },
      steps: 1,
      workers: 1,
      sharding: { zeroStage: 2, bucketMegabytes: 200 },
      parts: 1,
      promptsPerStep: 1,
      prompt: { kind: "video", grid, textTokens },
      completionTokens: answerTokens,
      wholeConversation: false,
      checkpoints: 1,
      ...given,
    };
    const planned = await phasesOf(job);
    const state = stateBytes(job);
    const measured = await measure(path, job, part);

    const between = state.weights + state.masters + state.moments;
    expect(measured.between / between, "between steps").toBeCloseTo(1, 2);
    const beside: Record<string, number> = {
      gradients: job.parts === 1 ? 0 : 4 * trainedCount(job), // the sum of the parts
      reference: job.rl?.reference === "copy" ? state.reference : 0,
    };
    for (const [name, peak] of Object.entries(measured.peaks)) {
      const held = between + (beside[name] ?? 0);
      const { tensors } = planned.of[name as PhaseName]!;
      expect.soft(peak / (held + tensors), name).toBeCloseTo(1, 2);
      expect.soft((peak - held) / tensors, `${name}, beside what is held`).toBeCloseTo(1, 1);
    }
  });
});

/** The bytes between steps, and the most in each phase of one. */
async function measure(path: string, job: Job, part: Partial<TrainedPart> = {}) {
  const start = heldBytes();
  const trained: TrainedPart = { model: path, seed: 1, trainable: job.adapter ? undefined : job.trainable, ...part };
  const load = { dtype: job.dtype, gradientCheckpointing: job.gradientCheckpointing };
  const { model, remainders } = await loadTrained(trained, undefined, load);
  const reference = job.rl && (await loadReference(trained, model, load));
  const replica = createReplica(model.trainable, OptimizerOptions.parse(job.optimizer), { remainders });
  const peaks: Record<string, number> = {};
  const peak = async (name: string, run: () => Promise<unknown>) => {
    peaks[name] = Math.max(peaks[name] ?? 0, (await peakOf(run)) - start);
  };
  const count = job.promptsPerStep / job.parts;
  const options = TgrpoOptions.parse({});

  async function step(): Promise<void> {
    let groups: TrainedGroup<null>[] = Array.from({ length: count }, () => ({
      input: null,
      group: { ordered: rollouts },
    }));
    if (job.rl) {
      await peak("sampling", () => sample(model, job, count));
      await peak("reference", async () => {
        const frozen = reference!.bring();
        groups = await withReferenceLogps(policyOf(frozen), groups);
        frozen.dispose();
      });
    }
    await peak("gradients", () =>
      replica.step({
        parts: job.parts,
        learningRate: 1e-3,
        async compute(_, take) {
          const differentiate = (f: () => Scalar) => valueAndGrads(f, model.trainable, take);
          if (job.rl) {
            const batch = batchSize(groups.map(({ group }) => group));
            await policyGradients({ policy: policyOf(model), groups, batch, options, valueAndGrads: differentiate });
          } else {
            const answers = completionsOf(Array.from({ length: count }, () => [...answer]));
            const whole = inputsOf(clip, count, answerTokens);
            const inputs = promptsOf(count);
            const logprobs = () => (job.wholeConversation ? model.logprobs(whole) : model.logprobs(inputs, answers));
            differentiate(() => tidy(() => neg(sum<Scalar>(logprobs().logps)))).value.dispose();
          }
          return { share: 0 };
        },
        reduce: () => ({ metrics: { loss: 0 } }),
      }),
    );
  }
  await step(); // makes the moments
  for (const name of Object.keys(peaks)) delete peaks[name];
  const between = heldBytes() - start;
  await step();
  model.dispose();
  reference?.dispose();
  return { between, peaks };
}

const rollouts = Array.from({ length: completions }, (_, i) => ({
  completionIds: answer,
  advantage: i - 1,
  isTruncated: false,
})) as unknown as TrainedGroup<null>["group"]["ordered"];

const policyOf = (model: Qwen25VL): Policy<null> => ({
  logprobs: (inputs, completions) => tidy(() => model.logprobs(promptsOf(inputs.length), completions)),
});

const sample = (model: Qwen25VL, { rl }: Job, count: number) =>
  model.generate(promptsOf(2 * count), {
    maxNewTokens: answerTokens,
    eosTokenIds: [],
    doSample: false,
    numReturnSequences: Array.from({ length: count }, () => [rl!.completions, rl!.shuffled]).flat(),
  });

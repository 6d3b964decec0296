import { join } from "node:path";
import {
  concat,
  dispose,
  gather,
  mul,
  profile,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { caseInputs, golden, goldenCase, maxDifference, relativeL2 } from "../test/golden-case.ts";
import { testEngine } from "../test/test-engine.ts";
import type { Completions } from "./completion-logprobs.ts";
import type { ModelInputs } from "./inputs.ts";
import { loadModel, type Qwen25VL } from "./model.ts";

beforeAll(async () => void (await initEngine(testEngine)));

/** Log-probabilities [R, C] of completions from whole sequences, one model call per completion. */
function unshared(model: Qwen25VL, prompts: ModelInputs, { ids, lengths, promptOf }: Completions): Tensor {
  const [, L] = prompts.inputIds.shape;
  const C = ids.length / lengths.length;
  const rows = [...lengths].map((length, r) => {
    const [start, end] = [promptOf[r]! * L, (promptOf[r]! + 1) * L];
    const tokens = new Int32Array(L + C);
    tokens.set(prompts.inputIds.data.subarray(start, end));
    tokens.set(ids.subarray(r * C, r * C + length), L);
    const mask = new Int32Array(L + C);
    mask.set(prompts.attentionMask!.data.subarray(start, end));
    mask.fill(1, L, L + length);
    const shape = [1, L + C] as const;
    const vision = visionOf(prompts, promptOf[r]!);
    const whole = { ...vision, inputIds: { data: tokens, shape }, attentionMask: { data: mask, shape } };
    return gather(
      model.logprobs(whole).logps,
      tensor1d(
        Array.from({ length: C }, (_, c) => L - 1 + c),
        "int32",
      ),
      1,
    );
  });
  return concat(rows as Tensor2D[], 0);
}

/** batch_left has an image in row 0, a video in row 1 and text in row 2. */
function visionOf(
  { inputIds: _ids, attentionMask: _mask, ...vision }: ModelInputs,
  row: number,
): Omit<ModelInputs, "inputIds"> {
  const { pixelValues, imageGridThw, pixelValuesVideos, videoGridThw, secondPerGridTs } = vision;
  if (row === 0) return { pixelValues: pixelValues!, imageGridThw: imageGridThw! };
  if (row === 1)
    return { pixelValuesVideos: pixelValuesVideos!, videoGridThw: videoGridThw!, secondPerGridTs: secondPerGridTs! };
  return {};
}

const completions: Record<string, Completions> = {
  "several per prompt, one prompt without": {
    ids: Int32Array.from([5, 6, 7, 8, 9, 0, 0, 0, 11, 12, 13, 0, 5, 6, 9, 9, 21, 0, 0, 0]),
    lengths: Int32Array.of(4, 1, 3, 4, 1),
    promptOf: Int32Array.of(1, 0, 0, 1, 0),
  },
  "one per prompt, in order": {
    ids: Int32Array.from([5, 6, 7, 8, 9, 10, 11, 12, 13]),
    lengths: Int32Array.of(3, 2, 3),
    promptOf: Int32Array.of(0, 1, 2),
  },
  "an empty completion, and placeholder ids that a model may sample": {
    ids: Int32Array.from([0, 0, 506, 507]),
    lengths: Int32Array.of(0, 2),
    promptOf: Int32Array.of(2, 2),
  },
  "single tokens": { ids: Int32Array.of(3, 4), lengths: Int32Array.of(1, 1), promptOf: Int32Array.of(2, 1) },
};

describe.each(["classic", "hf5"] as const)(
  "prompts computed once give what whole sequences give, %s positions",
  (positions) => {
    describe.each([false, true])("gradientCheckpointing %s", (gradientCheckpointing) => {
      test.each(Object.keys(completions).filter((name) => !name.includes("placeholder")))("%s", async (name) => {
        const model = await loadModel(join(golden, "tiny_a"), { positions, gradientCheckpointing });
        const given = completions[name]!;
        const prompts = caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");
        const C = given.ids.length / given.lengths.length;
        const weights = tensor2d(
          Array.from(given.ids, (_, i) => ((i * 7) % 5) - 1.5),
          [given.lengths.length, C],
          "float32",
        );
        const forms = [() => model.logprobs(prompts, given).logps, () => unshared(model, prompts, given)];
        const [shared, whole] = forms.map((form) => ({
          logps: tidy(() => form().dataSync()),
          ...valueAndGrads(() => sum(mul(form(), weights)), model.parameters),
        }));
        expect(maxDifference(shared!.logps, whole!.logps)).toBeLessThan(1e-5);
        expect(Object.keys(shared!.grads).sort()).toEqual(Object.keys(whole!.grads).sort());
        for (const [key, grad] of Object.entries(whole!.grads)) {
          expect(relativeL2(shared!.grads[key]!.dataSync(), grad.dataSync()), key).toBeLessThan(1e-5);
        }
        dispose([shared!.grads, whole!.grads]);
        model.dispose();
      });
    });
  },
);

describe("completions", () => {
  const prompts = () => caseInputs(goldenCase("tiny_a", "batch_left"), "prompts");

  test("padding is 0, and placeholder ids in a completion are ordinary tokens", async () => {
    const model = await loadModel(join(golden, "tiny_a"));
    const { logps, entropy } = model.logprobs(
      prompts(),
      completions["an empty completion, and placeholder ids that a model may sample"]!,
    );
    const [empty, sampled] = logps.arraySync();
    expect(empty).toEqual([0, 0]);
    expect(sampled!.every((logp) => logp < 0 && Number.isFinite(logp))).toBe(true);
    expect(entropy.arraySync()[0]).toEqual([0, 0]);
    model.dispose();
  });

  test("layers compute the tokens that exist: each prompt's once, and of each completion all but the last", async () => {
    const model = await loadModel(join(golden, "tiny_a"));
    const given = {
      ids: Int32Array.of(5, 6, 7, 8, 9, 0, 0, 0, 10, 11, 12, 0, 13, 14, 0, 0),
      lengths: Int32Array.of(4, 1, 3, 2),
      promptOf: Int32Array.of(2, 0, 0, 2),
    };
    const { kernels } = await profile(() => model.logprobs(prompts(), given).logps);
    const rows = kernels.flatMap(({ name, inputShapes: [x] }) =>
      name === "RmsNorm" && x!.length === 3 ? [x![1]!] : [],
    );
    const ofPrompts = prompts().attentionMask!.data.reduce((sum, seen) => sum + seen, 0);
    expect(ofPrompts).toBeLessThan(prompts().inputIds.data.length);
    const tokens = ofPrompts + 3 + 0 + 2 + 1;
    const wanted = 3 + 3 + 0 + 2 + 1; // in the last layer: each prompt's last token, and those of the completions
    const { numHiddenLayers } = model.config.text;
    expect(rows).toEqual([...new Array(2 * numHiddenLayers - 1).fill(tokens), wanted, wanted]);
    model.dispose();
  });

  test("temperature flattens", async () => {
    const model = await loadModel(join(golden, "tiny_a"));
    const of = completions["one per prompt, in order"]!;
    const [cold, hot] = [1, 100].map(
      (temperature) => model.logprobs(prompts(), of, { temperature }).entropy.arraySync()[0]![0]!,
    );
    expect(hot).toBeGreaterThan(cold!);
    expect(hot).toBeCloseTo(Math.log(512), 2);
    model.dispose();
  });

  test.each([
    ["a prompt that is not there", { promptOf: Int32Array.of(0, 1, 3) }, "prompt 3, but the batch has 3"],
    ["lengths beyond C", { lengths: Int32Array.of(3, 2, 4) }, "lengths [R] of at most C"],
    [
      "ids outside the vocabulary",
      { ids: Int32Array.from([5, 6, 7, 8, 512, 10, 11, 12, 13]) },
      "512 at index 4 is not in [0, 512)",
    ],
  ])("%s is an error", async (_, wrong, message) => {
    const model = await loadModel(join(golden, "tiny_a"));
    expect(() => model.logprobs(prompts(), { ...completions["one per prompt, in order"]!, ...wrong })).toThrow(message);
    model.dispose();
  });
});

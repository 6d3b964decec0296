// The golden cases in bfloat16. Shapes: B rows, L tokens, V vocabulary.
import { join } from "node:path";
import { dispose, type Scalar, tidy } from "@tensorflow/tfjs-core";
import { valueAndGrads } from "@videor1/engine";
import { describe, expect, test } from "vitest";
import { loadModel, type Qwen25VL } from "../src/model.ts";
import { allCases, caseInputs, golden, goldenCase, labelLoss, relativeL2 } from "./golden-case.ts";
import { goldenGrpo, grpoForms } from "./grpo-golden.ts";

/**
 * Bounds on the difference of bfloat16 and float32: twice the largest difference between transformers' own bfloat16 and
 * float32 over the same cases on a CPU (logits 0.025 on average; log-probabilities 0.097 and 0.030; loss 0.0195), and the same
 * most probable token in 90% of the places (transformers: 96%). The gradient's difference is the relative L2 distance, all
 * parameters in one vector (transformers: 0.0524 at most). The largest of all logits depends on the order of the sums:
 * transformers' is 0.267 on a CPU, ours 0.549 on an H200.
 */
const bounds = {
  logits: { max: 0.6, mean: 0.05 },
  logps: { max: 0.2, mean: 0.06 },
  loss: 0.04,
  sameTop: 0.9,
  gradient: 0.105,
};

interface Difference {
  max: number;
  mean: number;
}

/** Absolute differences where `counts` holds. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>, counts: (i: number) => boolean): Difference {
  let [max, sum, count] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (!counts(i)) continue;
    const distance = Math.abs(a[i]! - b[i]!);
    if (!(distance <= max)) max = distance; // NaN too
    sum += distance;
    count++;
  }
  return { max, mean: sum / count };
}

const argMax = (values: ArrayLike<number>, from: number, to: number): number => {
  let best = from;
  for (let i = from; i < to; i++) if (values[i]! > values[best]!) best = i;
  return best - from;
};

const load = (folder: string, dtype: "float32" | "bfloat16" = "bfloat16") => loadModel(join(golden, folder), { dtype });

/** The loss, and its gradient by all parameters in one vector. */
async function gradientOf(folder: string, dtype: "float32" | "bfloat16", loss: (model: Qwen25VL) => Scalar) {
  const model = await load(folder, dtype);
  const { value, grads } = valueAndGrads(() => loss(model), model.parameters);
  const names = Object.keys(model.parameters).filter((name) => grads[name]);
  const gradient = names.flatMap((name) => Array.from(grads[name]!.dataSync<"float32">()));
  const [result] = value.dataSync();
  dispose([value, grads]);
  model.dispose();
  return { loss: result!, gradient, names };
}

async function expectNearGradients(folder: string, loss: (model: Qwen25VL) => Scalar): Promise<number> {
  const [exact, rounded] = [await gradientOf(folder, "float32", loss), await gradientOf(folder, "bfloat16", loss)];
  expect(rounded.names).toEqual(exact.names);
  expect(Math.abs(rounded.loss - exact.loss), "loss").toBeLessThan(bounds.loss);
  const distance = relativeL2(rounded.gradient, exact.gradient);
  expect(distance, "gradient").toBeLessThan(bounds.gradient);
  expect(distance, "computed in float32").toBeGreaterThan(1e-3); // two float32 gradients are within 1e-4
  return distance;
}

/**
 * Defines the tests. The engine must be started when they run.
 *
 * @param figure - Receives the measured differences of each case.
 */
export function defineBf16Tests(figure: (name: string, value: number, unit: string) => void = () => {}): void {
  describe("bfloat16 is as near to float32 as transformers' is", () => {
    test.each(allCases)("%s %s", async (folder, name) => {
      const of = goldenCase(folder, name);
      const model = await load(folder);
      const inputs = caseInputs(of);
      const [B, L] = inputs.inputIds.shape;
      const mask = of.stored("in.attention_mask").data;
      const isPair = (i: number) => {
        const at = Math.floor(i / (L - 1)) * L + (i % (L - 1));
        return mask[at] === 1 && mask[at + 1] === 1;
      };
      const seen = tidy(() => {
        const { logps } = model.logprobs(inputs);
        const logits = of.has("out.classic.logits") ? model.forward(inputs).logits.dataSync() : undefined;
        return { logps: logps.dataSync(), loss: labelLoss(of, logps).dataSync()[0]!, logits };
      });
      model.dispose();

      const logps = difference(seen.logps, of.stored("out.classic.logprobs").data, isPair);
      const loss = Math.abs(seen.loss - of.classic.loss);
      figure(`${folder} ${name}: largest difference of a log-probability`, logps.max, "nats");
      expect(logps.max, "a log-probability").toBeLessThan(bounds.logps.max);
      expect(logps.mean, "mean of log-probabilities").toBeLessThan(bounds.logps.mean);
      expect(loss, "loss").toBeLessThan(bounds.loss);
      expect(logps.max, "computed in float32").toBeGreaterThan(1e-4); // a float32 model is within 5e-5
      if (!seen.logits) return;

      const expected = of.stored("out.classic.logits").data;
      const V = expected.length / (B * L);
      const logits = difference(seen.logits, expected, (i) => mask[Math.floor(i / V)] === 1);
      expect(logits.max, "a logit").toBeLessThan(bounds.logits.max);
      expect(logits.mean, "mean of logits").toBeLessThan(bounds.logits.mean);
      const places = Array.from({ length: B * L }, (_, i) => i).filter((i) => mask[i] === 1);
      const top = (values: ArrayLike<number>, i: number) => argMax(values, i * V, (i + 1) * V);
      const same = places.filter((i) => top(seen.logits!, i) === top(expected, i)).length / places.length;
      expect(same, "share of equal most probable tokens").toBeGreaterThan(bounds.sameTop);
    });

    test.each(allCases)("gradient of %s %s", async (folder, name) => {
      const of = goldenCase(folder, name);
      const inputs = caseInputs(of);
      const distance = await expectNearGradients(folder, (model) => labelLoss(of, model.logprobs(inputs).logps));
      figure(`${folder} ${name}: relative L2 distance of the gradient`, distance, "relative");
    });

    test.each(grpoForms)("GRPO, %s", async (form) => {
      const { logps, loss } = goldenGrpo();
      const distance = await expectNearGradients("tiny_a", (model) => loss(logps(model, form), "grpo"));
      figure(`GRPO, ${form}: relative L2 distance of the gradient`, distance, "relative");
    });
  });
}

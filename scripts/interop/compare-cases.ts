// node --conditions=@videor1/source --import tsx scripts/interop/compare-cases.ts FOLDER...
// Compares our numbers with transformers' on the checkpoints of make_cases.py, then writes each checkpoint back in three
// ways, with our logits, for check_saved.py. The exit code is 1 if a number is off.
// Shapes: B rows, L tokens of a row, V vocabulary.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dispose, div, mul, neg, type Scalar, sum, type Tensor, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { initEngine, valueAndGrads } from "@videor1/engine";
import { loadModel, type Qwen25VL, type SaveOptions, saveModel } from "@videor1/model-qwen25vl";
import { writeSafetensors } from "@videor1/safetensors";
import { type Batch, readBatch, type Semantics } from "./batch.ts";

const tolerance = { logits: 1e-4, logps: 1e-4, completions: 1e-4, loss: 1e-5, gradient: 1e-3, greedy: 0, reload: 0 };
type Quantity = keyof typeof tolerance;
type Findings = Partial<Record<Quantity, { difference: number; where?: string }>>;

const variants: Record<string, SaveOptions> = {
  f32: {},
  sharded: { maxShardBytes: 20_000, names: "new" },
  bf16: { dtype: "BF16" },
};

/** Largest |a[i] - b[i]| where `counts(i)`; infinite where a number is not finite. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>, counts = (_: number) => true): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (!counts(i)) continue;
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
  }
  return largest;
}

const l2 = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0));

/** The tensor's values; frees it. */
function take(x: Tensor): Float32Array {
  const data = x.dataSync<"float32">().slice();
  x.dispose();
  return data;
}

/** Mean negative log-probability of the completion tokens, from [rows, columns] log-probabilities and their mask. */
const meanLoss = (logps: Tensor2D, counted: number[]): Scalar =>
  neg(div<Scalar>(sum(mul(logps, tensor2d(counted, logps.shape))), l2(counted) ** 2));

/** Log-probabilities [B, L - 1] that predict a completion token: 1, others 0. */
function labelled({ labels, shape: [rows, length] }: Batch): number[] {
  return Array.from({ length: rows * (length - 1) }, (_, i) => {
    const row = Math.floor(i / (length - 1));
    return labels[i + row + 1]! >= 0 ? 1 : 0;
  });
}

/**
 * Worst relative error ||g - g'|| / ||g'|| of a parameter's gradient. Below 1e-5 of the whole gradient's norm it is
 * measured against that: such gradients are rounding noise.
 */
function gradientError(loss: () => Scalar, model: Qwen25VL, batch: Batch, semantics: Semantics) {
  const prefix = `grad.${semantics}.`;
  const expected = batch.names.filter((name) => name.startsWith(prefix));
  const { value, grads } = valueAndGrads(loss, model.parameters);
  const whole = l2(expected.map((name) => l2(batch.stored(name)!.data)));
  let worst = { difference: 0, where: "" };
  for (const name of new Set([...expected.map((name) => name.slice(prefix.length)), ...Object.keys(grads)])) {
    const theirs = batch.stored(prefix + name)?.data;
    const ours = grads[name]?.dataSync();
    const error = theirs && ours ? l2(theirs.map((x, i) => x - ours[i]!)) / Math.max(l2(theirs), 1e-5 * whole) : 1;
    if (error > worst.difference) worst = { difference: error, where: name };
  }
  dispose(grads);
  const lossError = Math.abs(take(value)[0]! - batch.facts[semantics]!.loss);
  return { gradient: worst, loss: { difference: lossError } };
}

async function compare(folder: string, batch: Batch, positions: Semantics): Promise<Findings> {
  const model = await loadModel(folder, { positions });
  const [, length] = batch.shape;
  const vocabulary = model.config.text.vocabSize;
  const logits = take(model.forward(batch.sequences).logits);
  const { logps: sequence, entropy } = model.logprobs(batch.sequences);
  const logps = take(sequence);
  const completion = model.logprobs(batch.prompts, batch.completions);
  const completionLogps = take(completion.logps);
  dispose([entropy, completion.entropy]);

  const theirs = batch.stored(`out.${positions}.logprobs`)!.data;
  const places = labelled(batch).flatMap((counted, i) => (counted ? [i] : []));
  const { lengths } = batch.completions;
  const width = completionLogps.length / lengths.length;
  const inCompletion = Array.from(completionLogps, (_, i) => (i % width < lengths[Math.floor(i / width)]! ? 1 : 0));
  const ofCompletions = completionLogps.filter((_, i) => inCompletion[i]);
  const valid = (i: number) => {
    const token = i + Math.floor(i / (length - 1));
    return batch.mask[token] === 1 && batch.mask[token + 1] === 1;
  };
  const findings: Findings = {
    logits: {
      difference: largestDifference(
        logits,
        batch.stored(`out.${positions}.logits`)!.data,
        (i) => batch.mask[Math.floor(i / vocabulary)] === 1,
      ),
    },
    logps: { difference: largestDifference(logps, theirs, valid) },
    completions: {
      difference: largestDifference(
        ofCompletions,
        places.map((i) => theirs[i]!),
      ),
    },
  };
  const wanted = batch.facts[positions]?.greedy_ids;
  if (wanted) {
    const options = { maxNewTokens: wanted[0]!.length, doSample: false, eosTokenIds: [] };
    const { sequences } = await model.generate(batch.prompts, options);
    findings.greedy = { difference: wanted.filter((row, b) => String(row) !== String([...sequences[b]!])).length };
  }
  if (batch.names.some((name) => name.startsWith(`grad.${positions}.`))) {
    const whole = () => meanLoss(model.logprobs(batch.sequences).logps, labelled(batch));
    const plain = gradientError(whole, model, batch, positions);
    const recomputing = await loadModel(folder, { positions, gradientCheckpointing: true });
    const shared = () => meanLoss(recomputing.logprobs(batch.prompts, batch.completions).logps, inCompletion);
    const other = gradientError(shared, recomputing, batch, positions);
    recomputing.dispose();
    findings.gradient = plain.gradient.difference > other.gradient.difference ? plain.gradient : other.gradient;
    findings.loss = { difference: Math.max(plain.loss.difference, other.loss.difference) };
  }
  if (positions === "classic") findings.reload = { difference: await saveVariants(model, folder, batch, logits) };
  model.dispose();
  return findings;
}

/** Saves the model in every way, with our logits of each. Returns the error of a float32 copy's logits. */
async function saveVariants(model: Qwen25VL, folder: string, batch: Batch, logits: Float32Array): Promise<number> {
  let off = 0;
  for (const [variant, options] of Object.entries(variants)) {
    const saved = join(folder, "saved", variant);
    rmSync(saved, { recursive: true, force: true });
    await saveModel(model, saved, options);
    const copy = await loadModel(saved);
    const output = copy.forward(batch.sequences).logits;
    const { shape } = output;
    const data = take(output);
    copy.dispose();
    if (variant !== "bf16") off = Math.max(off, largestDifference(data, logits));
    writeSafetensors(join(saved, "ours.safetensors"), [{ name: "logits", dtype: "F32", shape, data: () => data }]);
  }
  return off;
}

await initEngine({ backend: "wasm" });
let failed = 0;
for (const folder of process.argv.slice(2)) {
  const cases = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as string[];
  for (const name of cases) {
    const batch = readBatch(folder, name);
    for (const semantics of ["classic", "hf5"] as const) {
      if (!batch.stored(`out.${semantics}.logits`)) continue;
      const findings = await compare(folder, batch, semantics);
      const cells = Object.entries(findings).map(([quantity, { difference, where }]) => {
        const holds = difference <= tolerance[quantity as Quantity];
        if (!holds) failed++;
        return `${quantity} ${difference.toExponential(1)}${holds ? "" : ` OFF${where ? ` (${where})` : ""}`}`;
      });
      console.log(`${folder} ${name} ${semantics}: ${cells.join(", ")}`);
    }
  }
}
console.log(failed ? `${failed} quantities are off` : "all within tolerance");
process.exitCode = failed ? 1 : 0;

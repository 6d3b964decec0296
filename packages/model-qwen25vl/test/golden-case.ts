import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { mul, type Scalar, sum, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { openSafetensors, type SafetensorsData } from "@videor1/safetensors";
import type { ModelInputs, Rows } from "../src/inputs.ts";

export const golden = join(import.meta.dirname, "golden");

/** The recorded models and their cases. */
export const cases: Record<string, string[]> = {
  tiny_a: [
    "text",
    "text_batch_left",
    "image",
    "image_partial",
    "video",
    "video_frac",
    "mixed",
    "batch_left",
    "batch_right",
  ],
  tiny_b: ["image", "video_image"],
};
export const allCases = Object.entries(cases).flatMap(([model, names]) => names.map((name) => [model, name] as const));

export interface Stored {
  data: SafetensorsData;
  shape: number[];
}

export interface CaseVariant {
  loss: number;
  n_label_tokens: number;
  grad_l2: Record<string, number | null>;
  greedy_ids: number[][];
}

export const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(golden, ...path), "utf8")) as T;

/** All tensors of a gzipped safetensors file. */
export function readTensors(...path: string[]): Map<string, Stored> {
  const folder = mkdtempSync(join(tmpdir(), "golden-"));
  const file = join(folder, "case.safetensors");
  writeFileSync(file, gunzipSync(readFileSync(join(golden, ...path))));
  const open = openSafetensors(file);
  const tensors = new Map(
    open.names.map((name) => [name, { data: open.read(name), shape: [...open.info(name).shape] }]),
  );
  open.close();
  rmSync(folder, { recursive: true });
  return tensors;
}

export interface GoldenCase {
  classic: CaseVariant;
  hf5?: CaseVariant;
  has(name: string): boolean;
  stored(name: string): Stored;
  names: string[];
}

/** Reads inputs and results of a case; pixels may be stored with another case. */
export function goldenCase(model: string, name: string): GoldenCase {
  const json = readJson<{ classic: CaseVariant; hf5?: CaseVariant; pixel_values_from?: string }>(
    model,
    "cases",
    `${name}.json`,
  );
  const tensors = readTensors(model, "cases", `${name}.safetensors.gz`);
  if (json.pixel_values_from) {
    for (const [key, value] of readTensors(model, "cases", `${json.pixel_values_from}.safetensors.gz`))
      if (key.startsWith("in.pixel_values") && !tensors.has(key)) tensors.set(key, value);
  }
  return {
    ...json,
    names: [...tensors.keys()],
    has: (key) => tensors.has(key),
    stored(key) {
      const found = tensors.get(key);
      if (!found) throw new Error(`${model}/${name} has no ${key}`);
      return found;
    },
  };
}

/** The whole sequences of a case, or its left padded prompts; the vision inputs `repeat` times. */
export function caseInputs(of: GoldenCase, tokens: "sequences" | "prompts" = "sequences", repeat = 1): ModelInputs {
  const [ids, mask] =
    tokens === "sequences" ? ["in.input_ids", "in.attention_mask"] : ["in.prompt_ids", "in.prompt_mask"];
  const repeated = (name: string, times: number) =>
    Array.from({ length: times }, () => Array.from(of.stored(name).data)).flat();
  const shapeOf = (name: string, times: number): [number, number] => {
    const { shape } = of.stored(name);
    return [shape[0]! * times, shape[1]!];
  };
  const integers = (name: string, times = 1): Rows<Int32Array> => ({
    data: Int32Array.from(repeated(name, times)),
    shape: shapeOf(name, times),
  });
  const floats = (name: string): Rows<Float32Array> => ({
    data: Float32Array.from(repeated(name, repeat)),
    shape: shapeOf(name, repeat),
  });
  const inputs: ModelInputs = { inputIds: integers(ids!), attentionMask: integers(mask!) };
  if (of.has("in.pixel_values")) inputs.pixelValues = floats("in.pixel_values");
  if (of.has("in.image_grid_thw")) inputs.imageGridThw = integers("in.image_grid_thw", repeat);
  if (of.has("in.pixel_values_videos")) inputs.pixelValuesVideos = floats("in.pixel_values_videos");
  if (of.has("in.video_grid_thw")) inputs.videoGridThw = integers("in.video_grid_thw", repeat);
  if (of.has("in.second_per_grid_ts")) {
    inputs.secondPerGridTs = Float32Array.from(repeated("in.second_per_grid_ts", repeat));
  }
  return inputs;
}

/** Mean of -logps [B, L-1] over the tokens that have a label. */
export function labelLoss(of: GoldenCase, logps: Tensor): Scalar {
  const { data, shape } = of.stored("in.labels");
  const [B, L] = shape as [number, number];
  const weights = Array.from(
    { length: B * (L - 1) },
    (_, i) => +(data[Math.floor(i / (L - 1)) * L + (i % (L - 1)) + 1]! !== -100),
  );
  const count = weights.filter((weight) => weight).length;
  return mul(sum(mul(tensor(weights, [B, L - 1]), logps)), -1 / count);
}

/** Largest |a - b| where `where` holds. */
export function maxDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  where: (i: number) => boolean = () => true,
): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (!where(i)) continue;
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference; // NaN too
  }
  return largest;
}

export const l2 = (x: ArrayLike<number>): number =>
  Math.sqrt(Array.from(x).reduce((sum, value) => sum + value * value, 0));

/** |a - b| / |b|. */
export const relativeL2 = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  l2(Array.from(a, (value, i) => value - b[i]!)) / l2(b);

import { join } from "node:path";
import { z } from "zod";
import { checkFolder } from "./check-folder.ts";
import type { PatchOptions } from "./patches.ts";
import { ProcessorFileError } from "./processor-errors.ts";
import { readJsonIfThere } from "./read-json.ts";

/** Patch layout, normalisation and the bounds of height x width per image or frame. */
export interface PixelOptions extends PatchOptions {
  minPixels: number;
  maxPixels: number;
}

export interface ProcessorConfig {
  image: PixelOptions;
  video: PixelOptions;
}

const count = z.int().positive();
const channels = z.array(z.number()).length(3);
const on = (what: string) => z.literal(true, { error: `${what} cannot be switched off here` }).default(true);

const PixelFile = z.looseObject({
  min_pixels: count.nullish(),
  max_pixels: count.nullish(),
  size: z.looseObject({ shortest_edge: count.nullish(), longest_edge: count.nullish() }).nullish(),
  patch_size: count.default(14),
  temporal_patch_size: count.default(2),
  merge_size: count.default(2),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  image_mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: channels.default([0.26862954, 0.26130258, 0.27577711]),
  resample: z.literal(3, { error: "only 3, bicubic, is supported" }).default(3),
  do_resize: on("resizing"),
  do_rescale: on("rescaling"),
  do_normalize: on("normalisation"),
});

/** Bounds of transformers' classes, for a file that has none. */
const classBounds = {
  image: { minPixels: 56 * 56, maxPixels: 28 * 28 * 1280 },
  video: { minPixels: 128 * 28 * 28, maxPixels: 28 * 28 * 768 },
} as const;

/**
 * Pixel options of the parsed contents of a preprocessor file: `min_pixels` and `max_pixels` win over `size`, absent fields
 * take the defaults of transformers' class for that kind.
 *
 * @throws {z.ZodError} If a field has another form, or asks for what is not supported.
 * @see huggingface/transformers v5.12.1 image_processing_qwen2_vl.py, video_processing_qwen2_vl.py
 */
export function parsePixelOptions(json: unknown, kind: "image" | "video"): PixelOptions {
  const file = PixelFile.parse(json);
  return {
    patchSize: file.patch_size,
    temporalPatchSize: file.temporal_patch_size,
    mergeSize: file.merge_size,
    rescaleFactor: file.rescale_factor,
    imageMean: file.image_mean,
    imageStd: file.image_std,
    minPixels: file.min_pixels ?? file.size?.shortest_edge ?? classBounds[kind].minPixels,
    maxPixels: file.max_pixels ?? file.size?.longest_edge ?? classBounds[kind].maxPixels,
  };
}

/**
 * Reads the pixel options of a model's folder from the first file that covers the kind: processor_config.json (its
 * `image_processor`, `video_processor`), video_preprocessor_config.json (videos only), preprocessor_config.json.
 * If only the last exists, as in Qwen2.5-VL's folder on the Hub, its image bounds apply to videos too.
 *
 * @throws {ProcessorFileError} If there is no such folder, no file says how to treat images, or one is not what it should be.
 */
export async function loadProcessorConfig(folder: string): Promise<ProcessorConfig> {
  checkFolder(folder);
  const read = async (name: string) => ({ path: join(folder, name), json: await readJsonIfThere(join(folder, name)) });
  const both = await read("processor_config.json");
  const nested = z
    .looseObject({ image_processor: z.unknown(), video_processor: z.unknown() })
    .partial()
    .safeParse(both.json).data;
  const shared = await read("preprocessor_config.json");
  const image = [{ path: both.path, json: nested?.image_processor }, shared];
  const video = [
    { path: both.path, json: nested?.video_processor },
    await read("video_preprocessor_config.json"),
    shared,
    { path: both.path, json: nested?.image_processor === undefined ? undefined : {} },
  ];
  return { image: firstOptions(image, "image", folder), video: firstOptions(video, "video", folder) };
}

function firstOptions(files: { path: string; json: unknown }[], kind: "image" | "video", folder: string): PixelOptions {
  const file = files.find(({ json }) => json !== undefined && json !== null);
  if (!file) {
    const path = join(folder, "preprocessor_config.json");
    const hint = "Copy preprocessor_config.json from the base model's folder.";
    throw new ProcessorFileError({ path, problem: "no such file, and no processor_config.json instead", hint });
  }
  try {
    return parsePixelOptions(file.json, kind);
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    const hint = "It must be the settings of Qwen2VLImageProcessor or Qwen2VLVideoProcessor.";
    throw new ProcessorFileError({ path: file.path, problem, hint }, { cause });
  }
}

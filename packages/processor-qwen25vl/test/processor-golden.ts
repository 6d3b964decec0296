import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { openSafetensors, type SafetensorsData } from "@videor1/safetensors";
import type { Clip } from "../src/clip.ts";

const golden = (file: string): string => new URL(`./golden/${file}`, import.meta.url).pathname;

/** A compressed golden file, whole. */
export const readBrotli = (file: string): Buffer => brotliDecompressSync(readFileSync(golden(file)));

/** The contents of a golden JSON file. */
export const readGolden = (file: string): unknown => JSON.parse(readFileSync(golden(file), "utf8"));

/** Runs with a folder that holds the named files, and removes it afterwards. */
export async function withFolder<T>(
  files: Record<string, string | Uint8Array | object>,
  run: (folder: string) => Promise<T> | T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "videor1-processor-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      const raw = typeof content === "string" || content instanceof Uint8Array;
      writeFileSync(join(folder, name), raw ? content : JSON.stringify(content));
    }
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every recorded array of golden/processor, by name. */
export async function readPixels(): Promise<Map<string, { data: SafetensorsData; shape: readonly number[] }>> {
  return withFolder({ "pixels.safetensors": readBrotli("processor/pixels.safetensors.br") }, (folder) => {
    const file = openSafetensors(join(folder, "pixels.safetensors"));
    const all = file.names.map((name) => [name, { data: file.read(name), shape: file.info(name).shape }] as const);
    file.close();
    return new Map(all);
  });
}

export type Pixels = Awaited<ReturnType<typeof readPixels>>;

/** The recorded input of an image or a video. */
export function clipOf(pixels: Pixels, name: string): Clip {
  const image = pixels.get(`${name}.rgb`);
  const { data, shape } = image ?? pixels.get(`${name}.frames`)!;
  const [width = 0, height = 0, frames = 1] = [...shape].reverse().slice(1);
  return { kind: image ? "image" : "video", rgb: Uint8Array.from(data), frames, height, width };
}

/** Files of a Qwen2.5-VL folder: the tokenizer as published, and the image settings of the Hub with other bounds. */
export function modelFiles(
  bounds: Record<"image" | "video", readonly [number, number]>,
): Record<string, string | Buffer | object> {
  const of = ([min_pixels, max_pixels]: readonly [number, number]) => ({
    min_pixels,
    max_pixels,
    patch_size: 14,
    temporal_patch_size: 2,
    merge_size: 2,
  });
  return {
    "tokenizer.json": readBrotli("tokenizer/tokenizer.json.br"),
    "tokenizer_config.json": readFileSync(golden("tokenizer/tokenizer_config.json")),
    "chat_template.json": {
      chat_template: (readGolden("tokenizer/chat-template.json") as { template: string }).template,
    },
    "preprocessor_config.json": of(bounds.image),
    "video_preprocessor_config.json": of(bounds.video),
  };
}

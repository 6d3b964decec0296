import type { ModelInputs } from "@videor1/model-qwen25vl";
import type { Size } from "./sizes.ts";

/** `rows` equal prompts of text, a video and text, each followed by `extra` tokens; seeded by a linear congruence. */
export function inputsOf({ grid, textBefore, textAfter, config }: Size, rows: number, extra: number): ModelInputs {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const words = (count: number) =>
    Array.from({ length: count }, () => Math.floor((next() * config.text_config.vocab_size) / 2));
  const patches = grid.reduce((product, length) => product * length, 1);
  const video = new Array<number>(patches / 4).fill(config.video_token_id);
  const [start, end] = [config.vision_start_token_id, config.vision_end_token_id];
  const prompt = [...words(textBefore - 1), start, ...video, end, ...words(textAfter - 1)];
  const ids = Array.from({ length: rows }, () => [...prompt, ...words(extra)]);
  const shape: [number, number] = [rows, prompt.length + extra];
  const pixels = Float32Array.from({ length: patches * 1176 }, () => 2 * next() - 1);
  const repeated = new Float32Array(rows * pixels.length);
  for (let row = 0; row < rows; row++) repeated.set(pixels, row * pixels.length);
  return {
    inputIds: { data: Int32Array.from(ids.flat()), shape },
    attentionMask: { data: new Int32Array(shape[0] * shape[1]).fill(1), shape },
    pixelValuesVideos: { data: repeated, shape: [rows * patches, 1176] },
    videoGridThw: { data: Int32Array.from(ids.flatMap(() => [...grid])), shape: [rows, 3] },
    secondPerGridTs: new Float32Array(rows).fill(1),
  };
}

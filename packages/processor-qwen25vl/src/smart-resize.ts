import { ImageSizeError } from "./processor-errors.ts";

/** Height and width, in pixels. */
export interface Size {
  height: number;
  width: number;
}

/** The rounding of transformers' image processor, or of qwen-vl-utils (which Video-R1 uses for its frames). */
export type ResizeRules = "hf" | "qwenVlUtils";

export interface SmartResizeOptions {
  /** Both sides become multiples of this: patch size x merge size. */
  factor: number;
  /** Bounds of height x width. */
  minPixels: number;
  maxPixels: number;
  rules?: ResizeRules;
}

const maxRatio = 200;

/** Rounds to the nearest integer, ties to the even one, as Python's `round`. */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/**
 * Nearest multiples of `factor` whose product lies in [minPixels, maxPixels], aspect ratio kept:
 * if the rounded area is too large, floor(side / sqrt(h w / max) / f) f; if too small, ceil(side sqrt(min / (h w)) / f) f.
 * The rules differ in where a side is kept at least `factor`: "hf" when shrinking, "qwenVlUtils" when rounding
 * (so there a shrunk side may come out as 0).
 *
 * @throws {ImageSizeError} If one side is more than 200 times the other, or minPixels is above maxPixels.
 * @see huggingface/transformers v5.12.1 image_processing_qwen2_vl.py `smart_resize`; tulerfeng/Video-R1@59d65c3 qwen-vl-utils `smart_resize`
 */
export function smartResize({ height, width }: Size, options: SmartResizeOptions): Size {
  const { factor, minPixels, maxPixels, rules = "hf" } = options;
  const ratio = Math.max(height, width) / Math.min(height, width);
  if (!(ratio <= maxRatio)) {
    const problem = `one side is ${ratio.toFixed(1)} times the other, at most ${maxRatio} is allowed`;
    throw new ImageSizeError({ height, width, problem, hint: "Crop or pad the image to a less extreme shape." });
  }
  if (minPixels > maxPixels) {
    const problem = `at least ${minPixels} pixels and at most ${maxPixels} are asked for`;
    throw new ImageSizeError({ height, width, problem, hint: "Raise maxPixels, or lower minPixels." });
  }
  const atLeast = (floor: number, size: Size): Size => ({
    height: Math.max(floor, size.height),
    width: Math.max(floor, size.width),
  });
  const each = (scaled: (side: number) => number): Size => ({ height: scaled(height), width: scaled(width) });

  const rounded = atLeast(
    rules === "hf" ? 0 : factor,
    each((side) => roundHalfEven(side / factor) * factor),
  );
  if (rounded.height * rounded.width > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    return atLeast(
      rules === "hf" ? factor : 0,
      each((side) => Math.floor(side / shrink / factor) * factor),
    );
  }
  if (rounded.height * rounded.width < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    return each((side) => Math.ceil((side * grow) / factor) * factor);
  }
  return rounded;
}

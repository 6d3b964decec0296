/**
 * A tiny drawing surface: 56x56 RGB clips of 16 frames on a 4x4 grid of 14-pixel cells (one cell = one ViT patch).
 */
import type { RandomStream } from "@videor1/random";

export const size = 56;
export const cell = 14;
export const cells = size / cell;
export const nativeFrames = 16;
export const frameBytes = size * size * 3;
export const clipFps = 8;

export const colors = {
  red: [230, 50, 50],
  green: [50, 200, 70],
  blue: [60, 90, 235],
  yellow: [235, 215, 50],
} as const;
export const colorNames = ["red", "green", "blue", "yellow"] as const;
export const shapeNames = ["circle", "square", "triangle", "cross"] as const;
export type ColorName = (typeof colorNames)[number];
export type ShapeName = (typeof shapeNames)[number];
export type Rgb = readonly [number, number, number];

/** Frames of one clip, [F, 56, 56, 3] bytes. */
export interface Frames {
  rgb: Uint8Array;
  count: number;
}

/** 5x7 bitmaps, one string a row. */
const glyphRows = {
  A: [".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
  C: [".####", "#....", "#....", "#....", "#....", "#....", ".####"],
  E: ["#####", "#....", "#....", "####.", "#....", "#....", "#####"],
  H: ["#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"],
  L: ["#....", "#....", "#....", "#....", "#....", "#....", "#####"],
  T: ["#####", "..#..", "..#..", "..#..", "..#..", "..#..", "..#.."],
} as const;
export const glyphNames = ["A", "C", "E", "H", "L", "T"] as const;
export type GlyphName = (typeof glyphNames)[number];

/** Whether the offset (dx, dy) from its centre, in pixels, lies inside a shape of about 11 pixels. */
const inside: Record<ShapeName, (dx: number, dy: number) => boolean> = {
  circle: (dx, dy) => dx * dx + dy * dy <= 5.6 * 5.6,
  square: (dx, dy) => Math.abs(dx) <= 4.6 && Math.abs(dy) <= 4.6,
  triangle: (dx, dy) => dy >= -5.6 && dy <= 5.6 && Math.abs(dx) <= (dy + 5.6) / 2,
  cross: (dx, dy) => (Math.abs(dx) <= 1.6 && Math.abs(dy) <= 5.6) || (Math.abs(dy) <= 1.6 && Math.abs(dx) <= 5.6),
};

const clampByte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
const jittered = (rng: RandomStream, color: Rgb, spread: number): Rgb => [
  clampByte(color[0] + rng.int(2 * spread + 1) - spread),
  clampByte(color[1] + rng.int(2 * spread + 1) - spread),
  clampByte(color[2] + rng.int(2 * spread + 1) - spread),
];

/**
 * Background near the CLIP mean, so that an empty patch is close to zero after normalisation, plus a fixed ramp (red
 * grows downwards, blue to the right) that tells empty patches apart: rotary attention carries no absolute position.
 */
export function background(rng: RandomStream, count: number): Frames {
  const base = jittered(rng, [122, 117, 104], 8);
  const rgb = new Uint8Array(count * size * size * 3);
  const half = (size - 1) / 2;
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      rgb[i++] = clampByte(base[0] + (28 * (y - half)) / half);
      rgb[i++] = base[1];
      rgb[i++] = clampByte(base[2] + (28 * (x - half)) / half);
    }
  for (let f = 1; f < count; f++) rgb.copyWithin(f * frameBytes, 0, frameBytes);
  return { rgb, count };
}

function setPixel(frames: Frames, frame: number, x: number, y: number, color: Rgb): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return;
  frames.rgb.set(color, ((frame * size + y) * size + x) * 3);
}

/** One object with its own colour and position jitter. */
export interface Sprite {
  shape: ShapeName;
  rgb: Rgb;
  dx: number;
  dy: number;
}

export function sprite(rng: RandomStream, shape: ShapeName, color: ColorName): Sprite {
  return { shape, rgb: jittered(rng, colors[color], 18), dx: rng.int(3) - 1, dy: rng.int(3) - 1 };
}

/** Draws a sprite in grid cell (row, column) of one frame. */
export function drawSprite(frames: Frames, frame: number, sprite: Sprite, row: number, column: number): void {
  const cx = column * cell + cell / 2 + sprite.dx;
  const cy = row * cell + cell / 2 + sprite.dy;
  for (let y = Math.floor(cy - 7); y < cy + 7; y++)
    for (let x = Math.floor(cx - 7); x < cx + 7; x++)
      if (inside[sprite.shape](x + 0.5 - cx, y + 0.5 - cy)) setPixel(frames, frame, x, y, sprite.rgb);
}

/** Draws a white 10x14 glyph whose top left corner is (x, y). */
export function drawGlyph(frames: Frames, frame: number, glyph: GlyphName, x: number, y: number): void {
  glyphRows[glyph].forEach((row, r) => {
    for (let c = 0; c < row.length; c++)
      if (row[c] === "#")
        for (let k = 0; k < 4; k++) setPixel(frames, frame, x + 2 * c + (k & 1), y + 2 * r + (k >> 1), [250, 250, 250]);
  });
}

/** A 2-pixel border on every frame: the cue that a lazy answer follows instead of the frames. */
export function drawBorder(rng: RandomStream, frames: Frames, color: ColorName): void {
  const rgb = jittered(rng, colors[color], 18);
  for (let f = 0; f < frames.count; f++)
    for (let i = 0; i < size; i++)
      for (let w = 0; w < 2; w++) {
        setPixel(frames, f, i, w, rgb);
        setPixel(frames, f, i, size - 1 - w, rgb);
        setPixel(frames, f, w, i, rgb);
        setPixel(frames, f, size - 1 - w, i, rgb);
      }
}

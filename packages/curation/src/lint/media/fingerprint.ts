/** What a picture looks like, in a form that a new encoding, another size and another rate hardly change. */
export interface FrameFingerprint {
  /** 128 bits: whether each of 8 x 8 places is darker than the one to its right, and than the one below it. */
  bits: Uint16Array;
  /** Mean red, green and blue of 4 x 4 parts. */
  colors: Uint8Array;
}

export interface Picture {
  /** uint8 [height, width, 3], RGB. */
  rgb: Uint8Array;
  width: number;
  height: number;
}

/** Levels of 255 from which a difference is one, and not an encoder's noise. */
const least = 2;

/**
 * The fingerprint of a picture: means over a grid of boxes, and the signs of their differences.
 *
 * @see N. Krawetz, "Kind of like that" (2013), difference hash
 */
export function frameFingerprint(picture: Picture): FrameFingerprint {
  const grey = boxMeans(picture, 9, 9).map(([red, green, blue]) => 0.299 * red! + 0.587 * green! + 0.114 * blue!);
  const bits = new Uint16Array(8);
  const set = (at: number, isSet: boolean) => {
    if (isSet) bits[at >> 4]! |= 1 << (at & 15);
  };
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++) {
      const own = grey[row * 9 + column]!;
      set(row * 8 + column, grey[row * 9 + column + 1]! - own > least);
      set(64 + row * 8 + column, grey[(row + 1) * 9 + column]! - own > least);
    }
  const colors = Uint8Array.from(boxMeans(picture, 4, 4).flat(), Math.round);
  return { bits, colors };
}

/** Mean colour of each box of a grid, row by row; a pixel on the edge of two counts in both, by its parts. */
function boxMeans({ rgb, width, height }: Picture, columns: number, rows: number): number[][] {
  const means: number[][] = [];
  const [wide, tall] = [width / columns, height / rows];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [left, right, top, bottom] = [column * wide, (column + 1) * wide, row * tall, (row + 1) * tall];
      const [lastX, lastY] = [lastOf(right, width), lastOf(bottom, height)];
      let [red, green, blue] = [0, 0, 0];
      for (let y = Math.floor(top); y <= lastY; y++) {
        const part = Math.min(bottom, y + 1) - Math.max(top, y);
        for (let x = Math.floor(left), at = (y * width + x) * 3; x <= lastX; x++, at += 3) {
          const weight = part * (Math.min(right, x + 1) - Math.max(left, x));
          red += weight * rgb[at]!;
          green += weight * rgb[at + 1]!;
          blue += weight * rgb[at + 2]!;
        }
      }
      means.push([red, green, blue].map((sum) => sum / (wide * tall)));
    }
  return means;
}

/** The last pixel of a line that a box ending at `end` covers. */
const lastOf = (end: number, size: number): number => Math.min(size, Math.ceil(end - 1e-9)) - 1;

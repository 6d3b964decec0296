// Shapes: B rows, T tokens, F = head dim / 2 frequencies.
import { type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";

/** Angles' cosines and sines, [B, T, F]: what `rotaryEmbedding` takes. */
export type RotaryTables = { cos: Tensor3D; sin: Tensor3D };

/** [size / 2] theta^(-2i / size), in float32 as torch computes it. */
export function inverseFrequencies(size: number, theta: number): Float32Array {
  return Float32Array.from({ length: size / 2 }, (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / size)));
}

/**
 * Makes cosine and sine tables of position * frequency (float32 product). The row of a position is computed once and
 * kept on the host.
 *
 * @param frequencies - [F] inverse frequencies.
 * @param axisOf - [F] the axis whose position each frequency multiplies.
 */
export function rotaryTables(frequencies: Float32Array, axisOf: ArrayLike<number>) {
  const size = frequencies.length;
  let cosines = new Float32Array(0);
  let sines = new Float32Array(0);

  function grow(positions: number): void {
    const known = cosines.length / size;
    if (positions <= known) return;
    const rows = Math.max(positions, 2 * known);
    const [oldCosines, oldSines] = [cosines, sines];
    [cosines, sines] = [new Float32Array(rows * size), new Float32Array(rows * size)];
    cosines.set(oldCosines);
    sines.set(oldSines);
    for (let i = known * size; i < rows * size; i++) {
      const angle = Math.fround(Math.floor(i / size) * frequencies[i % size]!);
      cosines[i] = Math.cos(angle);
      sines[i] = Math.sin(angle);
    }
  }

  /**
   * Tables of B * T tokens. The position of token j on axis a is `positions[a * axisStride + j * tokenStride]`.
   */
  return (
    positions: Int32Array,
    [batch, length]: [number, number],
    axisStride: number,
    tokenStride = 1,
  ): RotaryTables => {
    grow(positions.reduce((largest, position) => Math.max(largest, position), 0) + 1);
    const tokens = batch * length;
    const cos = new Float32Array(tokens * size);
    const sin = new Float32Array(tokens * size);
    for (let j = 0, out = 0; j < tokens; j++) {
      for (let f = 0; f < size; f++, out++) {
        const position = positions[axisOf[f]! * axisStride + j * tokenStride]!;
        cos[out] = cosines[position * size + f]!;
        sin[out] = sines[position * size + f]!;
      }
    }
    return { cos: tensor3d(cos, [batch, length, size]), sin: tensor3d(sin, [batch, length, size]) };
  };
}

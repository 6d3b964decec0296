/**
 * The values in a buffer of their own, for a transfer to another thread: the same array if it fills its buffer, else a copy.
 */
export function ownBuffer(values: Uint8Array): Uint8Array<ArrayBuffer>;
export function ownBuffer(values: Float32Array): Float32Array<ArrayBuffer>;
export function ownBuffer(values: Uint8Array | Float32Array): Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
export function ownBuffer(values: Uint8Array | Float32Array) {
  const { buffer, byteLength } = values;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return values;
  return values instanceof Uint8Array ? new Uint8Array(values) : new Float32Array(values);
}

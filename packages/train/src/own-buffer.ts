/**
 * The bytes in a buffer of their own, for a transfer to another thread: the same array if it fills its buffer, else a copy.
 */
export function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const fillsBuffer = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return fillsBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

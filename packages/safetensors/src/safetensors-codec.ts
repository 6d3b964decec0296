/** Number formats of a safetensors file. Values are little-endian, as on every machine Node.js supports for tfjs. */
export type SafetensorsData = Float32Array | Int32Array | Uint8Array;

export type SafetensorsDtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "U8" | "BOOL";
export type WritableDtype = Exclude<SafetensorsDtype, "F64" | "F16">;

export const bytesPerElement: Record<SafetensorsDtype, number> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U8: 1,
  BOOL: 1,
};

/** Number formats of safetensors that this package does not decode, with the bits of a value: a file may hold them beside others. */
const otherFormatBits = {
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
  I8: 8,
  U16: 16,
  U32: 32,
  U64: 64,
  C64: 64,
} as const;
export type UndecodedDtype = keyof typeof otherFormatBits;

const isUndecodedDtype = (name: unknown): name is UndecodedDtype =>
  typeof name === "string" && Object.hasOwn(otherFormatBits, name);

/** Bits of a value of a number format of safetensors; undefined if there is no such format. */
export function bitsPerElement(dtype: unknown): number | undefined {
  if (isSafetensorsDtype(dtype)) return 8 * bytesPerElement[dtype];
  return isUndecodedDtype(dtype) ? otherFormatBits[dtype] : undefined;
}

export const isSafetensorsDtype = (name: unknown): name is SafetensorsDtype =>
  typeof name === "string" && Object.hasOwn(bytesPerElement, name);

/** Array of a dtype: Float32Array for floats (F64 narrows), Int32Array for integers, Uint8Array for U8 and BOOL. */
export function allocate(dtype: SafetensorsDtype, length: number): SafetensorsData {
  if (dtype === "U8" || dtype === "BOOL") return new Uint8Array(length);
  return dtype === "I16" || dtype === "I32" || dtype === "I64" ? new Int32Array(length) : new Float32Array(length);
}

/**
 * Decodes `raw`, a whole number of little-endian values at an 8-byte aligned address, into `out` from index `at`.
 *
 * @throws {RangeError} If an I64 value does not fit in 32 bits, or an F64 value is beyond float32.
 */
export function decode(dtype: SafetensorsDtype, raw: Uint8Array, out: SafetensorsData, at: number): void {
  const length = raw.byteLength / bytesPerElement[dtype];
  if (dtype === "BF16") {
    const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
    const halves = new Uint16Array(raw.buffer, raw.byteOffset, length);
    for (let i = 0; i < length; i++) bits[at + i] = halves[i]! << 16;
  } else if (dtype === "F16") {
    const halves = new Uint16Array(raw.buffer, raw.byteOffset, length);
    for (let i = 0; i < length; i++) out[at + i] = halfToNumber(halves[i]!);
  } else if (dtype === "F64") {
    const doubles = new Float64Array(raw.buffer, raw.byteOffset, length);
    out.set(doubles, at);
    for (let i = 0; i < length; i++)
      if (Number.isFinite(doubles[i]) && !Number.isFinite(out[at + i]!))
        throw new RangeError(`element ${at + i} is ${doubles[i]}, beyond float32`);
  } else if (dtype === "I64") {
    const words = new Int32Array(raw.buffer, raw.byteOffset, 2 * length);
    for (let i = 0; i < length; i++) {
      const low = words[2 * i]!;
      if (words[2 * i + 1] !== low >> 31) throw new RangeError(`element ${at + i} does not fit in 32 bits`);
      out[at + i] = low;
    }
  } else if (dtype === "I16") {
    out.set(new Int16Array(raw.buffer, raw.byteOffset, length), at);
  } else {
    new Uint8Array(out.buffer, out.byteOffset + at * bytesPerElement[dtype], raw.byteLength).set(raw);
  }
}

/** Little-endian bytes of `data`. F32 to BF16 rounds to nearest, ties to even; NaN stays NaN. */
export function encode(dtype: WritableDtype, data: SafetensorsData): Uint8Array {
  if (dtype === "BF16") {
    const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
    const out = new Uint16Array(data.length);
    for (let i = 0; i < out.length; i++) out[i] = bfloat16Bits(bits[i]!);
    return new Uint8Array(out.buffer);
  }
  if (dtype === "I16") return new Uint8Array(Int16Array.from(data).buffer);
  if (dtype === "I64") {
    const out = new Int32Array(2 * data.length);
    for (let i = 0; i < data.length; i++) {
      out[2 * i] = data[i]!;
      out[2 * i + 1] = data[i]! >> 31;
    }
    return new Uint8Array(out.buffer);
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function bfloat16Bits(float32Bits: number): number {
  const notANumber = (float32Bits & 0x7fffffff) > 0x7f800000;
  if (notANumber) return (float32Bits >>> 16) | 0x40; // the quiet bit, so that a NaN whose payload is cut does not turn into infinity
  return (float32Bits + 0x7fff + ((float32Bits >>> 16) & 1)) >>> 16;
}

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

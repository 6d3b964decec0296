import { bitsPerElement, type SafetensorsDtype, type UndecodedDtype } from "./safetensors-codec.ts";

export type SafetensorsErrorCode =
  | "SAFETENSORS_OPEN" // the file cannot be opened or read
  | "SAFETENSORS_TRUNCATED" // the file is shorter than its header says
  | "SAFETENSORS_HEADER" // the header is not what the format prescribes
  | "SAFETENSORS_TENSOR" // no such tensor, or a value this library cannot hold
  | "SAFETENSORS_WRITE"; // the tensors given cannot be written, or the disk refused

/** A safetensors file that cannot be read or written. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
  readonly code: SafetensorsErrorCode;
  readonly path: string;
  readonly tensor: string | undefined;
  readonly hint: string;

  constructor(
    code: SafetensorsErrorCode,
    { path, tensor, what, hint }: { path: string; tensor?: string; what: string; hint: string },
    options?: ErrorOptions,
  ) {
    super(`${path}${tensor === undefined ? "" : `, tensor "${tensor}"`}: ${what}`, options);
    this.code = code;
    this.path = path;
    this.tensor = tensor;
    this.hint = hint;
  }
}

export interface TensorEntry {
  dtype: SafetensorsDtype | UndecodedDtype;
  shape: readonly number[];
  /** Bytes [begin, end) in the data section, which starts after the header. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  entries: ReadonlyMap<string, TensorEntry>;
  metadata: Readonly<Record<string, string>>;
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);

/** Length of the field before the header: its size in bytes, u64 little-endian. */
export const prefixBytes = 8;

const renew = "Copy or download the file again";
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Parses and checks a header: known dtypes, end - begin = product(shape) * bytes per element, and tensors that cover the
 * data section exactly, without overlap, hole or rest.
 *
 * @param dataBytes - Length of the data section in the file, in bytes.
 * @throws {SafetensorsError} Naming the path, the tensor and the rule that is broken.
 * @see huggingface/safetensors README.md "Format"
 */
export function parseHeader(path: string, json: string, dataBytes: number): SafetensorsHeader {
  const invalid = (what: string, tensor?: string) =>
    new SafetensorsError("SAFETENSORS_HEADER", { path, what, hint: renew, ...(tensor !== undefined && { tensor }) });
  let root: unknown;
  try {
    root = JSON.parse(json);
  } catch (cause) {
    throw new SafetensorsError("SAFETENSORS_HEADER", { path, what: "the header is not JSON", hint: renew }, { cause });
  }
  if (!isRecord(root)) throw invalid("the header is not a JSON object");
  const { __metadata__, ...tensors } = root;
  const metadata = __metadata__ ?? {};
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string"))
    throw invalid("__metadata__ is not an object of strings");

  const entries = new Map(Object.entries(tensors).map(([name, value]) => [name, parseEntry(name, value, invalid)]));
  let covered = 0;
  for (const [name, { begin, end }] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered)
      throw invalid(
        `bytes ${begin}-${end} ${begin < covered ? "overlap" : "leave a hole after"} the tensor before, which ends at ${covered}`,
        name,
      );
    if (end > dataBytes) {
      const what = `its bytes end at ${end}, but the file holds only ${dataBytes} bytes of data`;
      throw new SafetensorsError("SAFETENSORS_TRUNCATED", { path, tensor: name, what, hint: renew });
    }
    covered = end;
  }
  if (covered !== dataBytes) throw invalid(`the file has ${dataBytes - covered} bytes that belong to no tensor`);
  return { entries, metadata: metadata as Record<string, string> };
}

function parseEntry(
  name: string,
  value: unknown,
  invalid: (what: string, tensor: string) => SafetensorsError,
): TensorEntry {
  if (!isRecord(value)) throw invalid("its entry is not an object", name);
  const { dtype, shape, data_offsets: offsets } = value;
  const bits = bitsPerElement(dtype);
  if (bits === undefined) throw invalid(`dtype ${JSON.stringify(dtype)} is no number format of safetensors`, name);
  if (!Array.isArray(shape) || !shape.every(isSize)) throw invalid("shape is not a list of sizes", name);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw invalid("data_offsets is not a pair of byte positions", name);
  const [begin, end] = offsets as [number, number];
  const expected = Math.ceil((elementCount(shape) * bits) / 8);
  if (end - begin !== expected)
    throw invalid(`data_offsets span ${end - begin} bytes, but ${dtype} [${shape.join(", ")}] takes ${expected}`, name);
  return { dtype: dtype as TensorEntry["dtype"], shape, begin, end };
}

import type { DataType } from "@tensorflow/tfjs-core";

/** The dtypes that the addon computes with, in the order of their codes in native/call.cc. */
export const dtypes = ["float32", "int32", "bool"] as const;

/** @throws {RangeError} For complex64 and string. */
export function dtypeCode(dtype: DataType): number {
  const code = dtypes.indexOf(dtype as (typeof dtypes)[number]);
  if (code < 0) throw new RangeError(`The torch backend has no dtype ${dtype}: only ${dtypes.join(", ")}`);
  return code;
}

import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ShapeBackend } from "./shape-backend.ts";

export interface ShapeCall {
  inputs: Record<string, TensorInfo>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel names its own attributes; tfjs-core passes them untyped.
  attrs: any;
  backend: ShapeBackend;
}

export type ShapeKernel = (call: ShapeCall) => TensorInfo | TensorInfo[];

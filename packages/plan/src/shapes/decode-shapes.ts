// What a decode session holds; see packages/engine/src/ops/decode-gqa-kernels.ts for its kernels.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ShapeKernel } from "./shape-kernel.ts";

/** Keys and values of a session's prompts and rows, and what it knows of each row. */
const decodeOpen: ShapeKernel = ({ inputs, attrs, backend }) => {
  const given = Object.values(inputs) as [TensorInfo, ...TensorInfo[]];
  const [embedding, , head, , , , keys] = given; // the last is the first layer's W of k
  const { slots: A, tokens: T, prompts: B, promptTokens: P, layers, kvHeads: K, repetitionPenalty } = attrs;
  const H = keys!.shape[0]! / K;
  const V = embedding.shape[0]!;
  const { width } = backend.laid(head!);
  const caches = [
    [P, K, H],
    [P, K, H],
    [A, K, T, H],
    [A, K, T, H],
  ];
  const tensors = [
    ...Array.from({ length: layers }, () => caches.map((shape) => backend.make(shape, "float32", width))).flat(),
    ...[
      [B * T, H / 2],
      [B * T, H / 2],
      [A, T],
      [A, T],
      [A, P],
      [A, T, 2],
    ].map((shape) => backend.make(shape, "float32")),
    backend.make([B, V], "float32", width),
    ...given.slice(3 + 12 * layers).map(({ shape }) => backend.make(shape, "float32", width)), // copies of adapters
    ...(repetitionPenalty === 1 ? [] : [backend.make([A + B, V], "bool")]),
  ];
  backend.sessions.set(attrs.session, { tensors, slots: A, tokens: T });
  return [];
};

/** Every row ends at once, with two tokens. */
const decodeStep: ShapeKernel = ({ attrs, backend }) => {
  const { slots, tokens } = backend.sessions.get(attrs.session)!;
  const state = backend.make([slots, 2], "int32");
  backend.laid(state).value = 2;
  return [state, backend.make([slots, tokens], "int32"), backend.make([slots, tokens], "float32")];
};

const decodeClose: ShapeKernel = ({ attrs, backend }) => {
  for (const { dataId } of backend.sessions.get(attrs.session)!.tensors) backend.disposeData(dataId);
  backend.sessions.delete(attrs.session);
  return [];
};

const nothing: ShapeKernel = () => [];

export const decodeShapes: Record<string, ShapeKernel> = {
  DecodeAddPrompt: nothing,
  DecodeAddRows: nothing,
  DecodeClose: decodeClose,
  DecodeDropPrompt: nothing,
  DecodeDropRows: nothing,
  DecodeOpen: decodeOpen,
  DecodeStep: decodeStep,
};

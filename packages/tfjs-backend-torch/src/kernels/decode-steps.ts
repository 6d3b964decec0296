import type { KernelCall, TorchKernel } from "../register.ts";

interface Attrs {
  layers: number;
  queryHeads: number;
  kvHeads: number;
  column: number;
  firstDraw: number;
  doSample: boolean;
  topK: number;
  promptOf: number[];
  lastIds: number[];
  finished: number[];
  seeds: number[];
  stopIds: number[];
  seen: number[];
  eps: number;
  temperature: number;
  topP: number;
  repetitionPenalty: number;
}

const beforeLayers = 5; // embedding, norm, head, cos, sin
const perLayer = 16;

/** The kernel of the op `decodeGqaSteps` of @videor1/engine; native/decode-steps.cc says what it reads. */
const DecodeSteps: TorchKernel = ({ inputs, attrs, backend }: KernelCall<Attrs>) => {
  const tensors = Object.values(inputs);
  const end = beforeLayers + perLayer * attrs.layers;
  const ordered = [...tensors.slice(0, beforeLayers), tensors[end], ...tensors.slice(beforeLayers, end)];
  const list = (values: number[]) => [values.length, ...values];
  const { promptOf, lastIds, finished, seeds, stopIds } = attrs;
  const ints = [
    ...[attrs.queryHeads, attrs.kvHeads, attrs.column, attrs.firstDraw, Number(attrs.doSample), attrs.topK],
    ...[promptOf, lastIds, finished, seeds, stopIds].flatMap(list),
    ...attrs.seen,
  ];
  const numbers = [attrs.eps, attrs.temperature, attrs.topP, attrs.repetitionPenalty];
  return backend.call("DecodeSteps", ordered, ints, numbers);
};

export const decodeKernels: Record<string, TorchKernel> = { DecodeSteps };

import type { KernelCall, TorchKernel } from "../register.ts";

interface Attrs {
  layers: number;
  /** 1 for each tensor of the adapters that is given, 14 a layer; empty without adapters. */
  adapters: number[];
  adapterScale: number;
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
const perAdapter = 14;

/** The kernel of the op `decodeGqaSteps` of @videor1/engine; native/decode/decode-steps.cc says what it reads. */
const DecodeSteps: TorchKernel = ({ inputs, attrs, backend }: KernelCall<Attrs>) => {
  const tensors = Object.values(inputs);
  const end = beforeLayers + perLayer * attrs.layers;
  const adapterTensors = tensors.slice(tensors.length - attrs.adapters.reduce((count, given) => count + given, 0));
  const mask = tensors.length - adapterTensors.length > end ? tensors[end] : undefined;
  let next = 0;
  const adapters = attrs.adapters.map((given) => (given ? adapterTensors[next++] : undefined));
  const ofLayer = (i: number) => [
    ...tensors.slice(beforeLayers + i * perLayer, beforeLayers + (i + 1) * perLayer),
    ...adapters.slice(i * perAdapter, (i + 1) * perAdapter),
  ];
  const layers = Array.from({ length: attrs.layers }, (_, i) => ofLayer(i)).flat();
  const ordered = [...tensors.slice(0, beforeLayers), mask, ...layers];
  const list = (values: number[]) => [values.length, ...values];
  const { promptOf, lastIds, finished, seeds, stopIds } = attrs;
  const ints = [
    ...[
      Number(adapters.length > 0),
      attrs.queryHeads,
      attrs.kvHeads,
      attrs.column,
      attrs.firstDraw,
      Number(attrs.doSample),
      attrs.topK,
    ],
    ...[promptOf, lastIds, finished, seeds, stopIds].flatMap(list),
    ...attrs.seen,
  ];
  const numbers = [attrs.adapterScale, attrs.eps, attrs.temperature, attrs.topP, attrs.repetitionPenalty];
  return backend.call("DecodeSteps", ordered, ints, numbers);
};

export const decodeKernels: Record<string, TorchKernel> = { DecodeSteps };

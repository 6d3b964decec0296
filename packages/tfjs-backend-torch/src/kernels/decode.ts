import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelCall, TorchKernel } from "../register.ts";

interface OpenAttrs {
  session: number;
  layers: number;
  /** 1 for each tensor of the adapters that is given, 14 a layer; empty without adapters. */
  adapters: number[];
  adapterScale: number;
  queryHeads: number;
  kvHeads: number;
  eps: number;
  slots: number;
  tokens: number;
  prompts: number;
  promptTokens: number;
  stopIds: number[];
  doSample: boolean;
  temperature: number;
  topP: number;
  topK: number;
  repetitionPenalty: number;
}

const beforeLayers = 3; // embedding, norm, head
const perLayer = 12;
const perAdapter = 14;

/** The tensors layer by layer, those of its adapters behind a layer's weights. */
function byLayer(tensors: readonly TensorInfo[], layers: number, given: readonly number[]): (TensorInfo | undefined)[] {
  let next = beforeLayers + perLayer * layers;
  const adapters = given.map((isGiven) => (isGiven ? tensors[next++] : undefined));
  const ofLayer = (i: number) => [
    ...tensors.slice(beforeLayers + i * perLayer, beforeLayers + (i + 1) * perLayer),
    ...adapters.slice(i * perAdapter, (i + 1) * perAdapter),
  ];
  return [...tensors.slice(0, beforeLayers), ...Array.from({ length: layers }, (_, i) => ofLayer(i)).flat()];
}

const list = (values: readonly number[]) => [values.length, ...values];

const DecodeOpen: TorchKernel = ({ inputs, attrs, backend }: KernelCall<OpenAttrs>) => {
  const { session, layers, adapters, queryHeads, kvHeads, slots, tokens, prompts, promptTokens } = attrs;
  const ints = [
    ...[session, Number(adapters.length > 0), queryHeads, kvHeads, slots, tokens, prompts, promptTokens],
    ...[Number(attrs.doSample), attrs.topK, ...list(attrs.stopIds)],
  ];
  const numbers = [attrs.adapterScale, attrs.eps, attrs.temperature, attrs.topP, attrs.repetitionPenalty];
  return backend.call("DecodeOpen", byLayer(Object.values(inputs), layers, adapters), ints, numbers);
};

type Attrs = Record<string, number | number[]>;

/** A kernel that takes its tensors in order, then the session, then these attributes. */
const ofSession =
  (name: string, ...names: string[]): TorchKernel =>
  ({ inputs, attrs, backend }: KernelCall<Attrs>) =>
    backend.call(
      name,
      Object.values(inputs),
      ["session", ...names].flatMap((name) => {
        const value = attrs[name]!;
        return typeof value === "number" ? [value] : list(value);
      }),
    );

/** The kernels of the op `openDecodeGqa` of @videor1/engine; native/decode/session-kernels.cc says what they read. */
export const decodeKernels: Record<string, TorchKernel> = {
  DecodeOpen,
  DecodeAddPrompt: ofSession("DecodeAddPrompt", "prompt", "seen"),
  DecodeAddRows: ofSession("DecodeAddRows", "slots", "prompts", "seeds"),
  DecodeStep: ofSession("DecodeStep", "tokens"),
  DecodeDropRows: ofSession("DecodeDropRows", "slots"),
  DecodeDropPrompt: ofSession("DecodeDropPrompt", "prompt"),
  DecodeClose: ofSession("DecodeClose"),
};

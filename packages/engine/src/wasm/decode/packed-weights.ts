// Shape letters: d hidden size, N query heads, K key/value heads, H head dim, i MLP width, V vocabulary, r rank.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { DecoderAttrs } from "../../ops/decode-gqa-kernels.ts";
import { layerOrder } from "../../ops/decode-gqa-tensors.ts";
import type { AdaptedLinear } from "../../ops/decode-session.ts";
import { allocate, floatsAt, heapFloats, kernels, ptr, release, scratch } from "../module.ts";

/** A linear layer in panels; `bias` is an address, 0 for none. */
export interface PackedLinear {
  packed: number;
  bias: number;
  inSize: number;
  outSize: number;
}

export interface PackedLayer {
  inputNorm: number;
  /** [d] to [(N + 2K) H]. */
  qkv: PackedLinear;
  o: PackedLinear;
  postNorm: number;
  /** [d] to [2i]. */
  gateUp: PackedLinear;
  down: PackedLinear;
}

export interface PackedWeights {
  /** [V, d] as it is. */
  embedding: number;
  norm: number;
  head: PackedLinear;
  layers: PackedLayer[];
  release(): void;
}

type LayerTensors = Record<(typeof layerOrder)[number], TensorInfo>;
type Adapters = Partial<Record<AdaptedLinear, { a: TensorInfo; b: TensorInfo }>>;

const linears: readonly AdaptedLinear[] = ["q", "k", "v", "o", "gate", "up", "down"];

/** The weights as steps multiply by them: packed once, q, k and v as one, gate and up as one, W + s B A where there is an adapter. */
export function packedWeights(inputs: readonly TensorInfo[], attrs: DecoderAttrs): PackedWeights {
  const [embedding, norm, head, ...rest] = inputs as [TensorInfo, TensorInfo, TensorInfo, ...TensorInfo[]];
  const taken: number[] = [];
  const take = (bytes: number): number => {
    const address = allocate(bytes);
    taken.push(address);
    return address;
  };

  /** One product for several linear layers of the same input. */
  function together(
    weights: readonly TensorInfo[],
    biases: readonly TensorInfo[],
    adapters: Adapters[AdaptedLinear][],
  ) {
    const inSize = weights[0]!.shape[1]!;
    const outSize = weights.reduce((sum, { shape }) => sum + shape[0]!, 0);
    const rows = allocate(4 * outSize * inSize);
    let row = 0;
    for (const [i, weight] of weights.entries()) {
      const size = weight.shape[0]! * inSize;
      const at = rows + 4 * row * inSize;
      const adapter = adapters[i];
      if (adapter) addProduct(at, weight, adapter);
      else floatsAt(at, size).set(heapFloats(weight));
      row += weight.shape[0]!;
    }
    const packed = take(kernels().weightBytes(inSize, outSize));
    kernels().packWeight(rows, inSize, outSize, packed);
    release(rows);
    const bias = biases.length > 0 ? take(4 * outSize) : 0;
    let column = 0;
    for (const x of biases) {
      floatsAt(bias + 4 * column, x.shape[0]!).set(heapFloats(x));
      column += x.shape[0]!;
    }
    return { packed, bias, inSize, outSize };
  }

  /** W + s B A at an address. */
  function addProduct(to: number, weight: TensorInfo, { a, b }: { a: TensorInfo; b: TensorInfo }): void {
    const [r, inSize] = a.shape as [number, number];
    const outSize = b.shape[0]!;
    const area = scratch(kernels().gemmScratch(r, inSize));
    kernels().gemm(ptr(b), ptr(a), 0, to, outSize, r, inSize, false, false, area);
    const [sum, w] = [floatsAt(to, outSize * inSize), heapFloats(weight)];
    for (let i = 0; i < sum.length; i++) sum[i] = w[i]! + attrs.adapterScale * sum[i]!;
  }

  const given = rest.values();
  const next = (): TensorInfo => given.next().value!;
  const tensors = Array.from(
    { length: attrs.layers },
    () => Object.fromEntries(layerOrder.map((name) => [name, next()])) as LayerTensors,
  );
  const isGiven = (flag: number) => attrs.adapters[flag] === 1;
  const adaptersOf = (layer: number): Adapters =>
    Object.fromEntries(
      linears.flatMap((name, i) => {
        const flag = 2 * (linears.length * layer + i);
        return isGiven(flag) && isGiven(flag + 1) ? [[name, { a: next(), b: next() }]] : [];
      }),
    );
  const layers = tensors.map((w, i): PackedLayer => {
    const adapter = adaptersOf(i);
    return {
      inputNorm: ptr(w.inputNorm),
      qkv: together([w.qWeight, w.kWeight, w.vWeight], [w.qBias, w.kBias, w.vBias], [adapter.q, adapter.k, adapter.v]),
      o: together([w.oWeight], [], [adapter.o]),
      postNorm: ptr(w.postNorm),
      gateUp: together([w.gateWeight, w.upWeight], [], [adapter.gate, adapter.up]),
      down: together([w.downWeight], [], [adapter.down]),
    };
  });
  return {
    embedding: ptr(embedding),
    norm: ptr(norm),
    head: together([head], [], []),
    layers,
    release: () => taken.forEach(release),
  };
}

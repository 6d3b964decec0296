// Shape letters: A slots, n rows that run, T tokens of a row at most, L tokens of a prompt, K key/value heads, H head dim.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { EngineError } from "../../errors.ts";
import type { DecodeKernels } from "../../ops/decode-gqa-kernels.ts";
import { tokenDraw } from "../../token-draw.ts";
import { allocate, floatsAt, heapFloats, kernels, release, scratch, wordsAt } from "../module.ts";
import { type DecodeStep, decodeStep } from "./decode-step.ts";
import { packedWeights } from "./packed-weights.ts";

/** A prompt's keys and values of all layers [layers, 2, L, K, H], and its tables [T, H / 2], in one piece of memory. */
interface Prompt {
  address: number;
  length: number;
  cos: number;
  sin: number;
  logits: Float32Array;
  seen: readonly number[];
}

interface Row {
  slot: number;
  prompt: Prompt;
  seed: readonly [low: number, high: number];
  ids: number[];
  logps: number[];
  seen: Set<number>;
  /** As DecodeStep tells it: 0 runs, 1 drew a stop id, 2 has T tokens. */
  state: 0 | 1 | 2;
}

export type DecodeRows = ReturnType<typeof decodeRows>;

/** The state of a decode session: prompts, rows with their caches, and a step of those that run. */
export function decodeRows(inputs: readonly TensorInfo[], attrs: DecodeKernels["DecodeOpen"]["attrs"]) {
  const { slots, tokens: T, layers, queryHeads: N, kvHeads: K, eps, repetitionPenalty } = attrs;
  const weights = packedWeights(inputs, attrs);
  const H = weights.layers[0] ? weights.layers[0].qkv.outSize / (N + 2 * K) : 0;
  const stopIds = new Set(attrs.stopIds);
  const column = 4 * K * H;
  const own = allocate(slots * layers * 2 * T * column);
  const prompts: (Prompt | undefined)[] = new Array(attrs.prompts).fill(undefined);
  const rows: (Row | undefined)[] = new Array(slots).fill(undefined);
  const draw = tokenDraw(
    attrs,
    (logSum) =>
      new EngineError("NON_FINITE_LOGITS", {
        message: `The model's logits are not finite: log sum exp is ${logSum}`,
        hint: "A weight of the model is NaN or so large that its numbers overflow.",
        logSum,
      }),
  );
  const step: DecodeStep = decodeStep(weights, { slots, T, N, K, H, eps });

  function extend(row: Row, logits: Float32Array): void {
    const [low, high] = row.seed;
    const { id, logp } = draw(logits, row.seen, () => kernels().uniformAt(low, high, row.ids.length));
    row.ids.push(id);
    row.logps.push(logp);
    if (repetitionPenalty !== 1) row.seen.add(id);
    if (stopIds.has(id)) row.state = 1;
    else if (row.ids.length === T) row.state = 2;
  }

  return {
    slots,
    tokens: T,
    rows: rows as readonly (Row | undefined)[],

    addPrompt([logits, cos, sin, ...keyValues]: readonly TensorInfo[], place: number, seen: readonly number[]): void {
      const length = keyValues[0]?.shape[0] ?? 0;
      const parts = [...keyValues, cos!, sin!].map(heapFloats);
      const address = allocate(4 * parts.reduce((sum, part) => sum + part.length, 0));
      const places: number[] = [];
      let at = address;
      for (const [i, part] of [...keyValues, cos!, sin!].map(heapFloats).entries()) {
        floatsAt(at, part.length).set(part);
        places[i] = at;
        at += part.byteLength;
      }
      const [cosAt, sinAt] = places.slice(-2) as [number, number];
      prompts[place] = { address, length, cos: cosAt, sin: sinAt, logits: heapFloats(logits!).slice(), seen };
    },

    addRows(places: readonly number[], promptOf: readonly number[], seeds: readonly number[]): void {
      for (const [i, slot] of places.entries()) {
        const prompt = prompts[promptOf[i]!]!;
        const seed = [seeds[2 * i]!, seeds[2 * i + 1]!] as const;
        const row: Row = { slot, prompt, seed, ids: [], logps: [], seen: new Set(prompt.seen), state: 0 };
        rows[slot] = row;
        extend(row, prompt.logits);
      }
    },

    /** One more token for every row that runs; false if none does. */
    step(): boolean {
      const running = rows.filter((row): row is Row => row?.state === 0);
      if (running.length === 0) return false;
      const records = running.map(({ slot, prompt, ids }) => {
        const t = ids.length - 1;
        const keys = own + slot * layers * 2 * T * column;
        const turn = t * 2 * H; // bytes of H / 2 numbers
        return [prompt.address, prompt.length, keys, t, prompt.cos + turn, prompt.sin + turn];
      });
      const last = running.map(({ ids }) => ids.at(-1)!);
      const longest = Math.max(...running.map(({ prompt }) => prompt.length));
      const area = scratch(kernels().decodeScratch(longest, T));
      wordsAt(step.records, 6 * running.length).set(records.flat());
      wordsAt(step.ids, running.length).set(last);
      const logits = step.run(running.length, area);
      for (const [i, row] of running.entries())
        extend(row, logits.subarray(i * step.vocabulary, (i + 1) * step.vocabulary));
      return true;
    },

    dropRows(places: readonly number[]): void {
      for (const slot of places) rows[slot] = undefined;
    },

    dropPrompt(place: number): void {
      release(prompts[place]!.address);
      prompts[place] = undefined;
    },

    close(): void {
      for (const prompt of prompts) if (prompt) release(prompt.address);
      release(own);
      step.release();
      weights.release();
    },
  };
}

// Shapes: B prompts, L their tokens, T tokens of a row, K key/value heads, H head dim, V vocabulary.
import {
  dispose,
  reshape,
  slice,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { type DecodePrompt, type DecodeSession, openDecodeGqa } from "@videor1/engine";
import { keyOf } from "@videor1/random";
import { type DecodeJob, pause, tellEnded } from "./decode-job.ts";
import type { GenerationRow } from "./generation-rows.ts";
import { gqaDecoder } from "./gqa-decoder.ts";
import { type Prefilled, prefill } from "./prefill.ts";
import { selectPrompts, tokenCounts } from "./select-prompts.ts";

const tokensPerCall = 16; // an abort is read, and rows come and go, between two calls
const tokensPerPrefill = 16_384; // keep a GPU busy; more would only take memory

/**
 * Decodes in the backend: prompts of any lengths, each run once and packed without padding; at most `maxRows` rows at a time,
 * the next taking the place of one that ends.
 */
export async function decodeBySession(job: DecodeJob): Promise<void> {
  const { network, prompts, rows, options } = job;
  const { doSample = true, temperature = 1, topP = 1, topK = 0, repetitionPenalty = 1 } = options;
  const counts = tokenCounts(prompts);
  const left = counts.map((_, prompt) => rows.filter((row) => row.prompt === prompt).length);
  const slots = Math.min(options.maxRows ?? rows.length, rows.length);
  const longest = counts.filter((_, prompt) => left[prompt]! > 0).sort((a, b) => b - a);
  const session = openDecodeGqa(gqaDecoder(network), {
    slots,
    tokens: options.maxNewTokens,
    prompts: Math.min(slots, longest.length),
    promptTokens: longest.slice(0, slots).reduce((sum, count) => sum + count, 0),
    stopIds: options.eosTokenIds,
    sampling: { doSample, temperature, topP, topK, repetitionPenalty },
  });
  const places = new Map<number, number>(); // of the session's prompts
  const started: GenerationRow[] = []; // by the session's numbers
  try {
    while (started.length < rows.length || session.active > 0) {
      await pause(options);
      const next = rows.slice(started.length, started.length + session.free);
      const fresh = [...new Set(next.map(({ prompt }) => prompt))].filter((prompt) => !places.has(prompt));
      for (const group of prefillGroups(fresh, counts)) addPrompts(session, job, group, places);
      session.addRows(next.map(({ prompt, seed }) => ({ prompt: places.get(prompt)!, seed: keyOf(seed) })));
      started.push(...next);
      const ended = (await session.step(tokensPerCall)).map(({ row, ids, logps, finished }) =>
        Object.assign(started[row]!, { ids: [...ids], logps: [...logps], finished }),
      );
      for (const { prompt } of ended) {
        if (--left[prompt]! > 0) continue;
        session.dropPrompt(places.get(prompt)!);
        places.delete(prompt);
      }
      tellEnded(job, ended);
    }
  } finally {
    session.close();
  }
}

/** Prompts that run together: equally long ones, up to so many tokens. */
function prefillGroups(prompts: readonly number[], counts: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const prompt of prompts) {
    const count = counts[prompt]!;
    const group = groups.find((of) => counts[of[0]!] === count && (of.length + 1) * count <= tokensPerPrefill);
    if (group) group.push(prompt);
    else groups.push([prompt]);
  }
  return groups;
}

/** Runs prompts and puts them into the session. */
function addPrompts(
  session: DecodeSession,
  { network, prompts, rows, options }: DecodeJob,
  group: readonly number[],
  places: Map<number, number>,
): void {
  const prefilled = prefill(network, selectPrompts(prompts, group, network.config));
  try {
    for (const [i, prompt] of group.entries()) {
      const seen = rows.find((row) => row.prompt === prompt)!.seen;
      tidy(() => {
        const tables = tablesAhead(network, prefilled.nextPositions, group.length, i, options.maxNewTokens);
        places.set(prompt, session.addPrompt({ ...promptAt(prefilled, i), ...tables, seen }));
      });
    }
  } finally {
    for (const { k, v } of prefilled.keyValues) dispose([k, v]);
    dispose(prefilled.logits);
  }
}

/** Keys, values and logits of prompt `i` of several. */
function promptAt({ logits, keyValues }: Prefilled, i: number): Pick<DecodePrompt, "logits" | "keyValues"> {
  const at = (x_BLKH: Tensor4D): Tensor3D => {
    const [, L, K, H] = x_BLKH.shape;
    return reshape(slice(x_BLKH, [i, 0, 0, 0], [1, L, K, H]), [L, K, H]);
  };
  const V = logits.shape[2]!;
  return {
    logits: reshape(slice(logits as Tensor3D, [i, 0, 0], [1, 1, V]), [V]) as Tensor1D,
    keyValues: keyValues.map(({ k, v }) => ({ k: at(k), v: at(v) })),
  };
}

/** Rotary tables [T, F] of the tokens that follow prompt `i` of B. */
function tablesAhead(
  network: DecodeJob["network"],
  next: Int32Array,
  batch: number,
  i: number,
  count: number,
): Pick<DecodePrompt, "cos" | "sin"> {
  const positions = Int32Array.from(
    { length: 3 * count },
    (_, j) => next[Math.floor(j / count) * batch + i]! + (j % count),
  );
  const { cos, sin } = network.rotary(positions, [1, count], count);
  const F = cos.shape[2];
  return { cos: reshape(cos, [count, F]) as Tensor2D, sin: reshape(sin, [count, F]) as Tensor2D };
}

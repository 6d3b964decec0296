// Shapes: A active rows, V vocabulary.
import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { type DecodeJob, pause, tellEnded } from "./decode-job.ts";
import type { GenerationRow } from "./generation-rows.ts";
import { createKvCache, decodeStep, disposeKvCache } from "./kv-cache.ts";
import { prefill } from "./prefill.ts";
import { createSampler } from "./sampling.ts";
import { unfinishedBatch } from "./unfinished-batch.ts";

/**
 * Decodes on any backend: the prompts run once as one batch, then the unfinished rows once per token, whose tokens are drawn in
 * JavaScript. Rows beyond `maxRows` follow when all before them have ended.
 */
export async function decodeByToken(job: DecodeJob): Promise<void> {
  const { network, prompts, rows, options } = job;
  const { logits, keyValues, nextPositions } = prefill(network, prompts);
  try {
    const most = options.maxRows ?? rows.length;
    const V = network.config.text.vocabSize;
    const values = await logits.data<"float32">();
    for (let first = 0; first < rows.length; first += most) {
      const active = rows.slice(first, first + most);
      extend(job, active, (row) => values.subarray(row.prompt * V, (row.prompt + 1) * V));
      const unfinished = active.filter(({ finished }) => !finished);
      if (unfinished.length > 0 && options.maxNewTokens > 1)
        await continueRows(job, unfinished, { keyValues, nextPositions });
    }
  } finally {
    dispose(logits);
    for (const { k, v } of keyValues) dispose([k, v]);
  }
}

/** Draws the tokens after the first. */
async function continueRows(
  job: DecodeJob,
  rows: readonly GenerationRow[],
  { keyValues, nextPositions }: Pick<ReturnType<typeof prefill>, "keyValues" | "nextPositions">,
): Promise<void> {
  const { network, prompts, options } = job;
  let active = rows;
  const promptOf = active.map((row) => row.prompt);
  let cache = createKvCache(keyValues, prompts, promptOf, options.maxNewTokens - 1);
  try {
    for (let n = 1; n < options.maxNewTokens; n++) {
      await pause(options);
      const unfinished = unfinishedBatch({ active, cache });
      if (!unfinished) break;
      ({ active, cache } = unfinished);
      const A = active.length;
      const ids = Int32Array.from(active, (row) => row.ids.at(-1)!);
      const positionOf = (axis: number, row: GenerationRow) =>
        nextPositions[axis * prompts.batch + row.prompt]! + n - 1;
      const positions = Int32Array.from({ length: 3 * A }, (_, i) => positionOf(Math.floor(i / A), active[i % A]!));
      const logits = decodeStep(network, cache, ids, positions, prompts.length + n - 1);
      const values = await takeData(logits);
      const V = values.length / A;
      extend(job, active, (_, i) => values.subarray(i * V, (i + 1) * V));
    }
  } finally {
    disposeKvCache(cache);
  }
}

async function takeData(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  tensor.dispose();
  return values;
}

/** Draws one token for each unfinished row from its logits [V]. */
function extend(
  job: DecodeJob,
  active: readonly GenerationRow[],
  logitsOf: (row: GenerationRow, i: number) => Float32Array,
): void {
  const { eosTokenIds, maxNewTokens, repetitionPenalty = 1 } = job.options;
  const sample = createSampler(job.options);
  const ended = active.filter((row, i) => {
    if (row.finished) return false;
    const { id, logp } = sample(logitsOf(row, i), row.seen, row.seed, row.ids.length);
    row.ids.push(id);
    row.logps.push(logp);
    if (repetitionPenalty !== 1) row.seen.add(id);
    row.finished = eosTokenIds.includes(id);
    return row.finished || row.ids.length === maxNewTokens;
  });
  tellEnded(job, ended);
}

import { clipLoader, createLoader, type Example } from "@videor1/data";
import { loadClipCheck } from "@videor1/processor-qwen25vl";
import { randomStream } from "@videor1/random";
import type { Validated, ValidationOptions } from "@videor1/runs";
import { mapAhead, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { RlCalls } from "./protocol.ts";

/**
 * Mean rule rewards of one answer to each held-back prompt, by the policy as it stands. A sampled answer has the same
 * seed in every validation.
 *
 * @throws What kept the first record from being loaded, if none could be.
 */
export async function validate(
  pool: WorkerPool<RlCalls>,
  examples: readonly Example[],
  config: RlConfig,
  { batchSize }: ValidationOptions,
): Promise<Validated> {
  const { data, seed, model } = config;
  const load = clipLoader(data.media, { seed, check: await loadClipCheck(model) });
  const inOrder = (_: number, count: number) => Array.from({ length: count }, (_, i) => i);
  const batches = createLoader({ examples, load, batchSize, seed: 0, order: inOrder });
  const seedOf = ({ problemId }: Example) => randomStream(seed, "validation", problemId).int(2 ** 31);
  const parts = await mapAhead(batches, pool.size, async ({ loaded, failed }, i) => {
    const jobs = loaded.map(({ example, value: clip }) => ({ example, clip, seed: seedOf(example) }));
    return { failed, ...(await pool.call(i, "answer", { jobs })) };
  });
  const scores = parts.flatMap((part) => part.scores);
  const failed = parts.flatMap((part) => part.failed);
  if (scores.length === 0) throw failed[0]!.reason;
  const mean = (name: "accuracy" | "format") => scores.reduce((sum, score) => sum + score[name], 0) / scores.length;
  const accuracy = mean("accuracy");
  return {
    value: accuracy,
    metrics: { accuracy, format: mean("format"), records: scores.length, failed: failed.length },
  };
}

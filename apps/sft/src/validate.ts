import { clipLoader, type Example, loadInOrder, messages } from "@videor1/data";
import { loadInputCheck } from "@videor1/processor-qwen25vl";
import type { Validated, ValidationOptions } from "@videor1/runs";
import { handOver, mapAhead, type WorkerPool } from "@videor1/train";
import type { SftConfig } from "./config.ts";
import { lossPerToken } from "./loss.ts";
import type { SftCalls } from "./protocol.ts";

/**
 * Loss of the held-back records under the current model, in nats a token. `batchSize` changes only its rounding, the number
 * of workers nothing.
 *
 * @throws The first record's error, if no record could be loaded.
 */
export async function validate(
  pool: WorkerPool<SftCalls>,
  examples: readonly Example[],
  config: SftConfig,
  { batchSize }: ValidationOptions,
): Promise<Validated> {
  const { data, seed, model } = config;
  const check = await loadInputCheck(model);
  const load = clipLoader(data.media, {
    seed,
    check: (clips, example) => check(clips, messages(example, { stage: "sft", ...data.prompt })),
  });
  const parts = await mapAhead(loadInOrder({ examples, load, batchSize }), pool.size, async ({ loaded, failed }, i) => {
    const { jobs, transfer } = handOver(loaded.map(({ example, value: clips }) => ({ example, clips })));
    return { failed, records: jobs.length, ...(await pool.call(i, "loss", { jobs }, transfer)) };
  });
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  const failed = parts.flatMap((part) => part.failed);
  if (records === 0) throw failed[0]!.reason;
  const { loss } = lossPerToken(parts);
  return { value: loss, metrics: { loss, records, failed: failed.length } };
}

import { type Example, shareInOrder } from "@videor1/data";
import { alone, type Peers } from "@videor1/launch";
import type { Validated, ValidationOptions } from "@videor1/runs";
import { handOver, mapAhead, type WorkerPool } from "@videor1/train";
import { lossPerToken } from "./loss.ts";
import type { RunMedia } from "./open-media.ts";
import type { SftCalls } from "./protocol.ts";

interface ValidateArgs {
  pool: WorkerPool<SftCalls>;
  /** The held-back records. */
  examples: readonly Example[];
  media: RunMedia;
  options: ValidationOptions;
  peers?: Peers | undefined;
}

/**
 * Loss of the held-back records under the current model, in nats a token. `batchSize` changes only its rounding, the number
 * of workers nothing.
 *
 * @throws The first record's error, if no record could be loaded.
 */
export async function validate({
  pool,
  examples,
  media,
  options: { batchSize },
  peers = alone,
}: ValidateArgs): Promise<Validated> {
  const batches = shareInOrder({ examples, load: media.load, batchSize, peers });
  const parts = await mapAhead(batches, pool.size, async ({ loaded, failed }, i) => {
    const measured = await pool.callWith(i, "loss", async () => {
      const clipsOf = loaded.map(async ({ example, value: clips }) => ({ example, clips: await clips() }));
      const { value: jobs, transfer } = handOver(await Promise.all(clipsOf));
      return { request: { jobs }, transfer };
    });
    return { failed, records: loaded.length, ...measured };
  });
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  const failed = parts.flatMap((part) => part.failed);
  if (records === 0) throw failed[0]!.reason;
  const { loss } = lossPerToken(parts);
  return { value: loss, metrics: { loss, records, failed: failed.length } };
}

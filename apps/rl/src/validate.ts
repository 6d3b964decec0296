import { type Example, shareInOrder } from "@videor1/data";
import { alone, type Peers } from "@videor1/launch";
import { randomStream } from "@videor1/random";
import type { RunLines, Validated, ValidationOptions } from "@videor1/runs";
import { mean } from "@videor1/statistics";
import { handOver, mapAhead, type WorkerPool } from "@videor1/train";
import type { RlConfig } from "./config.ts";
import type { RunMedia } from "./open-media.ts";
import type { RlCalls } from "./protocol.ts";

interface ValidateArgs {
  pool: WorkerPool<RlCalls>;
  /** The held-back records. */
  examples: readonly Example[];
  config: Pick<RlConfig, "seed">;
  media: Pick<RunMedia, "load" | "mediaOf">;
  options: ValidationOptions;
  peers?: Peers | undefined;
}

/**
 * Mean rule rewards of one answer to each held-back prompt, by the policy as it stands. A sampled answer has the same
 * seed in every validation.
 *
 * @returns The means, and the answers as lines of validation.jsonl.
 * @throws What kept the first record from being loaded, if none could be.
 */
export async function validate({
  pool,
  examples,
  config: { seed },
  media: { load, mediaOf },
  options: { batchSize },
  peers = alone,
}: ValidateArgs): Promise<{ validated: Validated; answers: RunLines["validation.jsonl"][] }> {
  const seedOf = ({ problemId }: Example) => randomStream(seed, "validation", problemId).int(2 ** 31);
  const batches = shareInOrder({ examples, load, batchSize, peers });
  const parts = await mapAhead(batches, pool.size, async ({ loaded, failed }, i) => {
    const answered = await pool.callWith(i, "answer", async () => {
      const prompts = loaded.map(async ({ example, value: claim }) => {
        const seed = seedOf(example);
        const media = mediaOf(await claim(), { example, seed }, { temporal: { kind: "none" } });
        return { id: `validation/${example.problemId}`, example, media, seed };
      });
      const { value: jobs, transfer } = handOver(await Promise.all(prompts));
      return { request: { jobs }, transfer };
    });
    return { failed, ...answered };
  });
  const answers = parts.flatMap((part) => part.answers);
  const failed = parts.flatMap((part) => part.failed);
  if (answers.length === 0) throw failed[0]!.reason;
  const meanOf = (name: string) => mean(answers.map(({ rewards }) => rewards[name]!));
  const [accuracy, format] = [meanOf("accuracy"), meanOf("format")];
  const metrics = { accuracy, format, records: answers.length, failed: failed.length };
  return { validated: { value: accuracy, metrics }, answers };
}

import { type LoadedClip, messages, permuteVideos } from "@videor1/data";
import type { ProcessedRow, Processor } from "@videor1/processor-qwen25vl";
import { type ChatRequest, chatRequest } from "@videor1/served-model";
import type { RlConfig } from "../config.ts";
import type { Job } from "../job.ts";

/** A question of the run, in the way that it shows best what a server sees, and what it could see instead. */
export interface ServerProbe {
  /** The prompt as the policy reads it. */
  row: ProcessedRow;
  /** For one completion by the model of this name. */
  request(model: string): Promise<ChatRequest>;
  /** The same question without its media. */
  withoutMedia: Pick<ServerProbe, "row" | "request">;
  /** What a server that is set up wrongly would read, with the reason in words. */
  mistakes(): { row: ProcessedRow; reason: string }[];
}

/** The probe samples at this temperature: unlikely tokens feel more of what the model sees, and it tells raw from processed. */
export const probeTemperature = 2;

/** A probe made of a job; the seed of its completion is the job's. */
export function serverProbe(
  job: Pick<Job, "example" | "seed"> & { media: Pick<Job["media"], "ordered"> },
  config: RlConfig,
  processor: Pick<Processor, "row">,
): ServerProbe {
  const { data, rollout } = config;
  const turns = messages(job.example, { stage: "rl", ...data.prompt });
  const { ordered: clips } = job.media;
  const rowOf = (given: readonly LoadedClip[]) => processor.row(turns, given, { addGenerationPrompt: true });
  const row = rowOf(clips);
  const texts = turns.map((turn) => ({ ...turn, content: turn.content.filter(({ type }) => type === "text") }));
  const sampling = {
    maxCompletionLength: rollout.server!.check.tokens,
    doSample: true,
    temperature: probeTemperature,
    seed: job.seed,
    logprobs: true,
  };
  const fields = { ignore_eos: true }; // a short answer would show little
  return {
    row,
    request: (model) => chatRequest({ model, messages: turns, clips, sampling, fields }),
    withoutMedia: {
      row: processor.row(texts, [], { addGenerationPrompt: true }),
      request: (model) => chatRequest({ model, messages: texts, sampling, fields }),
    },
    mistakes() {
      if (!clips.some(({ kind }) => kind === "video")) return [];
      const rates = [0, 1, 2, 24, 30].map((fps) => {
        const seconds = fps === 0 ? 0 : 2 / fps;
        const reason = fps === 0 ? "without a step in time between frames" : `at ${fps} frames a second`;
        return { row: { ...row, secondPerGridTs: row.secondPerGridTs!.map(() => seconds) }, reason };
      });
      const backwards = permuteVideos(clips, (frames) => Array.from({ length: frames }, (_, f) => frames - 1 - f));
      const others = [{ row: rowOf(backwards.clips), reason: "with the frames backwards" }];
      return [...rates.filter((rate) => !isSameRate(rate.row, row)), ...others];
    },
  };
}

const isSameRate = (a: ProcessedRow, b: ProcessedRow): boolean =>
  a.secondPerGridTs!.every((seconds, i) => Math.abs(seconds - b.secondPerGridTs![i]!) < 1e-6);

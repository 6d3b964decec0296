import { availableParallelism } from "node:os";
import { loadProcessorConfig, type ProcessorConfig, parsePixelOptions } from "@videor1/processor-qwen25vl";
import { z } from "zod";
import { mediaKeys, mediaSettings } from "../media/media-keys.ts";
import { type Outcome, runVerb, type Verb, VerbKeys } from "../verb.ts";
import type { Prepared } from "./count-index.ts";
import { prepareMedia } from "./prepare-media.ts";
import { type Verified, verifyPrepared } from "./verify-prepared.ts";

const PrepareConfig = VerbKeys.extend({
  ...mediaKeys,
  output: z.string().describe("Folder of the frames; training reads it as data.media.prepared"),
  model: z
    .string()
    .optional()
    .describe(
      "Folder of the model that will be trained, for the size of its patches; default: Qwen2.5-VL's, 14, in fours",
    ),
  shardBytes: z
    .int()
    .min(1)
    .default(2 ** 30)
    .describe("Most bytes of frames in one file"),
  verify: z.boolean().default(false).describe("Read all frames and media files again and compare their hashes"),
  concurrency: z
    .int()
    .min(1)
    .default(availableParallelism())
    .describe("Files that are decoded at once; memory grows with it"),
  overwrite: z
    .boolean()
    .default(false)
    .describe("Begin again in a folder that holds frames of other settings, or of media that have changed"),
});

const verb: Verb<typeof PrepareConfig> = {
  name: "prepare",
  description: "Decode and resize the frames of all media once, into shards that training reads without decoding.",
  schema: PrepareConfig,
  words: ["records", "output"],
  async run(config, { signal }) {
    const { output, model, shardBytes, verify, concurrency, overwrite } = config;
    const settings = mediaSettings(config);
    const processor = model === undefined ? defaultProcessor : await loadProcessorConfig(model);
    const options = { output, processor, shardBytes, verify, concurrency, overwrite, signal };
    const prepared = await prepareMedia(settings, options);
    const verified = verify ? await verifyPrepared(settings, output, { concurrency, signal }) : undefined;
    return outcomeOf(output, prepared, verified);
  },
};

export const command = (argv: readonly string[]): Promise<void> => runVerb(verb, argv);

const defaultProcessor: ProcessorConfig = {
  image: parsePixelOptions({}, "image"),
  video: parsePixelOptions({}, "video"),
};

function outcomeOf(output: string, counts: Prepared, verified: Verified | undefined): Outcome {
  const { asked, prepared, failed, failures, preparedNow, filesPerSecond, shards, bytes } = counts;
  const rate = filesPerSecond === null ? "" : `, ${filesPerSecond.toFixed(1)} a second`;
  const codes = (of: Record<string, number>) =>
    Object.entries(of)
      .map(([code, n]) => `${code} ${n}`)
      .join(", ");
  const bad = asked - prepared;
  const faults = Object.values(verified?.faults ?? {}).reduce((sum, n) => sum + n, 0);
  const lines = [
    `Frames of ${prepared} of ${asked} media are in ${output}: ${shards} shards, ${(bytes / 1e9).toFixed(3)} GB; ${preparedNow} made now${rate}.`,
    ...(bad > 0 ? [`${bad} cannot be decoded, and will fail in training too: ${codes(failed)}`] : []),
    ...failures.map(({ message }) => `  ${message}`),
    ...(bad > 0 ? ["Once they are mended, overwrite=true makes all frames again."] : []),
    ...(verified
      ? [`${verified.sound} read again and sound${faults > 0 ? `; ${faults} not: ${codes(verified.faults)}` : ""}`]
      : []),
    ...(verified?.first ?? []).map((message) => `  ${message}`),
    faults > 0 ? "Make all frames again: overwrite=true." : `To train on them: data.media.prepared=${output}`,
  ];
  const result = { ...counts, ...(verified && { verified }), output };
  return { text: lines.join("\n"), result, isFine: faults === 0 };
}

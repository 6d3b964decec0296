import { createDescriber, type Description } from "@videor1/curation";
import { mediaOf } from "@videor1/data";
import { extractAnswer, type Rules } from "@videor1/rewards";
import { counter } from "../files/counter.ts";
import { readDataSet } from "../files/read-data-set.ts";
import { type ChosenMedia, mediaChooser } from "./choose-media.ts";

/** A data set as one reading of its records shows it. */
export interface InspectedDataSet {
  files: string[];
  /** Records read; `description` counts the valid ones. */
  records: number;
  invalid: number;
  description: Description;
  /** Media to read. */
  chosen: ChosenMedia[];
}

export interface InspectOptions {
  rules: Rules;
  /** Different media to choose. */
  mediaFiles: number;
  signal: AbortSignal;
}

/** Describes the valid records of files and chooses media. */
export async function inspectDataSet(
  given: string | readonly string[],
  { rules, mediaFiles, signal }: InspectOptions,
): Promise<InspectedDataSet> {
  const files = [given].flat();
  const describer = createDescriber();
  const media = mediaChooser(mediaFiles);
  const count = counter("inspect");
  let [records, invalid] = [0, 0];
  try {
    for await (const { record } of readDataSet(files, rules)) {
      signal.throwIfAborted();
      records += 1;
      count.add();
      if (record === undefined) {
        invalid += 1;
        continue;
      }
      const { example } = record;
      const answer = extractAnswer(example.solution, { rules: "video-r1" });
      describer.add({ ...example, answer, media: mediaOf(example) });
      media.add(example);
    }
  } finally {
    count.stop();
  }
  return { files, records, invalid, description: describer.finish(), chosen: media.finish() };
}

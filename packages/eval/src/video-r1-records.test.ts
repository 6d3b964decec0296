import { describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../test/benchmark-folder.ts";
import { everyBenchmark, goldenJson } from "../test/golden.ts";
import type { BenchmarkItem } from "./item.ts";
import { itemsOf } from "./items-of.ts";
import { readItems } from "./read-items.ts";
import { safe } from "./scorers/safe/safe.ts";
import { videoR1 } from "./scorers/video-r1/video-r1.ts";

const { outputs } = goldenJson("outputs.json") as { outputs: { text: string }[] };

/** Video-R1's record asks a question of yes or no as a choice, of a caption as a free text, and letters captions to be matched. */
const asksOtherwise = ({ answerType, groups }: BenchmarkItem): boolean =>
  answerType === "yes-no" || answerType === "caption" || groups.task === "caption_matching";

describe.each(everyBenchmark.filter(([, { videoR1File }]) => videoR1File))(
  "%s: an item of Video-R1's file is scored as that of the official record",
  (name, golden) => {
    const byId = new Map(itemsOf(name, golden.files).map((item) => [item.id, item]));
    const official = [...golden.probes.map(String), ...Object.keys(golden.runs.mixed!)].map((id) => byId.get(id)!);

    test("by Video-R1's scorer, and by ours where the question is asked alike", async () => {
      const items = await readItems(name, writeFiles(temporaryFolder(), golden.videoR1File!));
      expect(items).toHaveLength(official.length);
      for (const [i, item] of items.entries()) {
        const texts = outputs.filter((_, k) => k % items.length === i).map(({ text }) => text);
        const both = (read: (typeof safe)[typeof name]["read"]) =>
          [item, official[i]!].map((each) => texts.map((text) => read(each, text)));
        const [theirs, ours] = both(videoR1[name]!.read);
        expect(theirs).toEqual(ours);
        if (asksOtherwise(official[i]!)) continue;
        const [fromTheirs, fromOurs] = both(safe[name].read);
        expect(fromTheirs).toEqual(fromOurs);
      }
    });
  },
);

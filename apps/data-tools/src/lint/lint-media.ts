import { progress } from "@videor1/cli";
import { createMediaComparer, type Finding, type FoundAt, type LintRecord } from "@videor1/curation";
import { openJournal } from "../files/journal.ts";
import { inOrder } from "../media/in-order.ts";
import type { LintKeys } from "./lint-keys.ts";
import { type MediaCache, type Medium, readMedium } from "./read-medium.ts";
import type { OtherMedia } from "./read-others.ts";

/** The different media of a data set and of those that it is compared with. */
export interface GatheredMedia {
  add(record: LintRecord): void;
  addOther(media: OtherMedia): void;
  /** Reads and compares all of them. */
  read(options: { signal: AbortSignal }): Promise<{ findings: Finding[]; summary: MediaReading }>;
}

export interface MediaReading {
  /** Different media: of this data set, and of others. */
  own: number;
  others: number;
  /** Of both, those that could be read. */
  read: number;
  seconds: number;
}

export type MediaSettings = Pick<LintKeys, "nframes" | "most" | "concurrency" | "mediaCache"> & {
  mediaRoot: string;
  isAsked: (code: string) => boolean;
};

/** Gathers media while records are read; of a medium the first record is held. */
export function gatherMedia({
  mediaRoot,
  nframes,
  most,
  concurrency,
  mediaCache,
  isAsked,
}: MediaSettings): GatheredMedia {
  const own = new Map<string, { medium: Medium; record: Omit<FoundAt, "note"> }>();
  const others = new Map<string, OtherMedia & { root: string }>();
  return {
    add({ id, place, media }) {
      for (const medium of media) {
        const key = [medium.path].flat().join("\n");
        if (!own.has(key)) own.set(key, { medium, record: { id, place } });
      }
    },
    addOther(media) {
      const root = media.mediaRoot ?? mediaRoot;
      const key = `${root}\n${media.path}`;
      if (!others.has(key)) others.set(key, { ...media, root });
    },
    async read({ signal }) {
      const comparer = createMediaComparer({ nframes, most, isAsked });
      const cache: MediaCache | undefined =
        mediaCache === undefined ? undefined : openJournal(mediaCache, { settings: { fingerprint: 1 } });
      const work = [
        ...[...others.values()].map((one) => ({
          root: one.root,
          medium: one as Medium,
          other: one.other,
          record: undefined,
        })),
        ...[...own.values()].map((one) => ({ root: mediaRoot, other: undefined, ...one })),
      ];
      const bar = work.length > 20 ? progress({ label: "media", total: work.length }) : undefined;
      const began = performance.now();
      let [done, read] = [0, 0];
      try {
        const outcomes = inOrder(work, concurrency, async (item) => ({
          ...item,
          outcome: await readMedium(item.root, item.medium, { cache, signal }),
        }));
        for await (const { medium, other, record, outcome } of outcomes) {
          signal.throwIfAborted();
          done += 1;
          if (outcome.status === "read") read += 1;
          bar?.update(done);
          const path = String([medium.path].flat()[0]);
          if (record) comparer.add(path, record, outcome);
          else comparer.addOther(path, other!, outcome);
        }
      } finally {
        bar?.stop();
        cache?.close();
      }
      const seconds = (performance.now() - began) / 1000;
      return { findings: comparer.finish(), summary: { own: own.size, others: others.size, read, seconds } };
    },
  };
}

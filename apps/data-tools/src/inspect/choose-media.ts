import { textKey } from "@videor1/curation";
import { type Example, mediaOf } from "@videor1/data";

/** A record whose first medium is read. */
export interface ChosenMedia {
  example: Example;
  /** Orders the choice. */
  key: number;
}

/**
 * Chooses at most `most` records with different media, by the hash of the path: the same of the same data set whatever its order,
 * and as good as random. Of a medium the first record is taken.
 */
export function mediaChooser(most: number) {
  let chosen: ChosenMedia[] = [];
  const keys = new Set<number>();
  let limit = Number.POSITIVE_INFINITY;
  const trim = () => {
    chosen.sort((a, b) => a.key - b.key);
    for (const { key } of chosen.slice(most)) keys.delete(key);
    chosen = chosen.slice(0, most);
    if (chosen.length === most) limit = chosen.at(-1)?.key ?? limit;
  };
  return {
    add(example: Example): void {
      if (most === 0) return;
      const key = textKey(String([mediaOf(example)[0]!.path].flat()));
      if (key >= limit || keys.has(key)) return;
      keys.add(key);
      chosen.push({ example, key });
      if (chosen.length >= 2 * most) trim();
    },
    finish(): ChosenMedia[] {
      trim();
      return chosen;
    },
  };
}

import type { ChosenMedia } from "./choose-media.ts";

/** At most `most` records, in turn one of each source, in their order. */
export function spreadOverSources(chosen: readonly ChosenMedia[], most: number): ChosenMedia[] {
  const bySource = new Map<string, ChosenMedia[]>();
  for (const one of chosen) {
    const { dataSource } = one.example;
    const list = bySource.get(dataSource) ?? [];
    bySource.set(dataSource, list);
    list.push(one);
  }
  const taken: ChosenMedia[] = [];
  for (let turn = 0; taken.length < Math.min(most, chosen.length); turn++)
    for (const list of bySource.values()) {
      const one = list[turn];
      if (one !== undefined && taken.length < most) taken.push(one);
    }
  return taken;
}

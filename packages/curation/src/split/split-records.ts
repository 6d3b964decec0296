import { randomStream } from "@videor1/random";
import { apportion } from "../compose/apportion.ts";

/** A record as splitting sees it. */
export interface SplitItem {
  /** Records of the same component stay on one side. */
  component: number;
  stratum: number;
  /** Its problem_id as text. */
  name: string;
}

/**
 * Which records are held back: about `count`, of each stratum in proportion, whole components alone.
 *
 * Components come in the order of a draw from the seed and their smallest name, so that neither the order of the records nor other
 * components change it. One is held back if that brings the numbers of its strata nearer to what is asked of them.
 *
 * @returns of each record, whether it is held back; fewer or more than `count` where components do not fit.
 */
export function splitRecords(
  items: readonly SplitItem[],
  { seed, count }: { seed: number; count: number },
): { isHeldBack: boolean[]; asked: number[] } {
  const sizes: number[] = [];
  for (const { stratum } of items) sizes[stratum] = (sizes[stratum] ?? 0) + 1;
  const strata = Array.from(sizes, (size = 0) => size);
  const asked = apportion(strata, count, strata);
  const room = [...asked];
  const isHeldBack = items.map(() => false);
  for (const members of inDrawnOrder(items, seed)) {
    const wanted = new Map<number, number>();
    for (const member of members) {
      const { stratum } = items[member]!;
      wanted.set(stratum, (wanted.get(stratum) ?? 0) + 1);
    }
    const fitting = [...wanted].reduce((sum, [stratum, size]) => sum + Math.min(size, Math.max(0, room[stratum]!)), 0);
    if (2 * fitting <= members.length) continue;
    for (const member of members) isHeldBack[member] = true;
    for (const [stratum, size] of wanted) room[stratum]! -= size;
  }
  return { isHeldBack, asked };
}

/** The records of each component. */
function* inDrawnOrder(items: readonly SplitItem[], seed: number): Generator<Uint32Array> {
  const names = new Map<number, string>();
  for (const { component, name } of items) {
    const known = names.get(component);
    if (known === undefined || name < known) names.set(component, name);
  }
  const draws = new Map<number, number>();
  for (const [component, name] of names) draws.set(component, randomStream(seed, "split", name).next());
  const drawOf = Float64Array.from(items, ({ component }) => draws.get(component)!);
  const order = Uint32Array.from(items.keys()).sort(
    (a, b) => drawOf[a]! - drawOf[b]! || items[a]!.component - items[b]!.component,
  );
  for (let from = 0; from < order.length; ) {
    const { component } = items[order[from]!]!;
    let to = from + 1;
    while (to < order.length && items[order[to]!]!.component === component) to += 1;
    yield order.subarray(from, to);
    from = to;
  }
}

import { dispose, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { addRow, emptyBytes, headOfRows, type ProcessGroup, packRanges } from "@videor1/engine";
import { checkGradient, givenTwice, type SumRequest } from "../collective.ts";
import type { Gradients, TakeGradient } from "../gradients.ts";
import type { Bucket, Place } from "./bucket-layout.ts";
import { sliceOf } from "./slices.ts";

/** What this rank's slices of the gradients add up to, in float32. */
export interface SliceSums {
  /** [elements of the slice] by parameter; a parameter of which this rank owns nothing is absent. */
  grads: Gradients;
  /** Parameters that have a gradient in some part, on every rank the same. */
  names: Set<string>;
  /** Those of them of which some gradient was stored in float32. */
  wide: Set<string>;
}

/** One round: each rank gives the gradients of one of its parts, or none. */
export interface Round {
  take: TakeGradient;
  /** Sends what is left; ends once every rank's slices are added to the sums. Every rank calls it, whatever its part came to. */
  end(): Promise<void>;
}

interface Exchange {
  bucket: number;
  input: Variable;
  output: Variable;
  done: Promise<void>;
}

/** Buckets under way before a pass that cannot await blocks for the oldest of them. */
const mostUnderWay = 2;

/**
 * Adds up slices of gradients that all ranks compute, round after round, in each round in order of rank. A bucket is sent as soon as
 * it is full, and those before it are; so all ranks send in the same order.
 */
export function gradientExchange(group: ProcessGroup, buckets: readonly Bucket[], onStart = (_bucket: number) => {}) {
  const { rank, size: ranks } = group;
  const placesOf = new Map<string, { bucket: number; place: Place; index: number }[]>();
  for (const [bucket, { places }] of buckets.entries())
    for (const [index, place] of places.entries())
      placesOf.set(place.name, [...(placesOf.get(place.name) ?? []), { bucket, place, index }]);
  const begun = new Set<Place>();
  const sums: SliceSums = { grads: {}, names: new Set(), wide: new Set() };

  /** Adds what arrived of a bucket, row by row. */
  function receive({ bucket, input, output }: Exchange): void {
    const { places } = buckets[bucket]!;
    const flags = headOfRows(output, places.length);
    for (const [index, place] of places.entries()) {
      const { name, from, size } = place;
      const { count } = sliceOf(size, rank, ranks);
      for (let row = 0; row < ranks; row++) {
        const flag = flags[row * places.length + index]!;
        if (flag === 0) continue;
        sums.names.add(name);
        if (flag === 2) sums.wide.add(name);
        if (from >= count) continue;
        sums.grads[name] ??= tidy(() => variable(zeros([count]), false));
        addRow(sums.grads[name] as Variable, output, { row, ...place }, from, !begun.has(place));
        begun.add(place);
      }
    }
    dispose([input, output]);
  }

  function begin(like: SumRequest["like"]): Round {
    const inputs: Variable[] = [];
    const filled = buckets.map(() => 0);
    const given = new Set<string>();
    const underWay: Exchange[] = [];
    let next = 0;

    const inputOf = (bucket: number): Variable => {
      const { width, head } = buckets[bucket]!;
      inputs[bucket] ??= emptyBytes(ranks, width, head);
      return inputs[bucket];
    };

    function start(bucket: number): void {
      const input = inputOf(bucket);
      const output = emptyBytes(ranks, buckets[bucket]!.width);
      const done = group.allToAll(output, input);
      done.catch(() => {}); // whoever awaits it is told
      onStart(bucket);
      underWay.push({ bucket, input, output, done });
    }

    return {
      take(name, gradient) {
        try {
          checkGradient(name, gradient, like);
          if (given.has(name)) throw givenTwice(name);
          given.add(name);
          for (const { bucket, place, index } of placesOf.get(name)!) {
            const { at, from: first, stride, length, isWide } = place;
            packRanges(inputOf(bucket), gradient, { at, first, stride, length }, isWide, index);
            filled[bucket]!++;
          }
        } finally {
          gradient.dispose();
        }
        while (next < buckets.length && filled[next] === buckets[next]!.places.length) {
          start(next++);
          // a group that has failed leaves it to `end` to say so
          while (underWay.length > mostUnderWay && group.waitFor?.(underWay.length - 1)) receive(underWay.shift()!);
        }
      },
      async end() {
        try {
          while (next < buckets.length || underWay.length > 0) {
            while (next < buckets.length && underWay.length < mostUnderWay) start(next++);
            await underWay[0]!.done;
            receive(underWay.shift()!);
          }
        } catch (error) {
          dispose([...underWay.flatMap(({ input, output }) => [input, output]), ...inputs.slice(next).filter(Boolean)]);
          throw error;
        }
      },
    };
  }

  return { begin, sums };
}

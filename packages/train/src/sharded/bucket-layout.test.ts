import fc from "fast-check";
import { expect, test } from "vitest";
import { type BucketParameter, bucketLayout } from "./bucket-layout.ts";
import { sliceGrain, sliceLength, sliceOf } from "./slices.ts";

const ranks = fc.integer({ min: 1, max: 9 });
const parameters = fc
  .array(fc.record({ size: fc.integer({ min: 0, max: 9000 }), isWide: fc.boolean() }), { maxLength: 12 })
  .map((all) => all.map((parameter, i): BucketParameter => ({ name: `p${i}`, ...parameter })));

test("every element belongs to one rank; ranges are equal and begin at multiples of 256", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), ranks, (size, ranks) => {
      const slices = Array.from({ length: ranks }, (_, rank) => sliceOf(size, rank, ranks));
      let end = 0;
      for (const [rank, { first, count }] of slices.entries()) {
        expect(first).toBe(end);
        if (count > 0) expect([first, first % sliceGrain]).toEqual([rank * sliceLength(size, ranks), 0]);
        expect(count).toBeLessThanOrEqual(sliceLength(size, ranks));
        end += count;
      }
      expect(end).toBe(size);
      expect(sliceLength(size, ranks) * ranks - size).toBeLessThan(sliceGrain * ranks);
    }),
  );
});

test("buckets hold every element of every range once, in the order that was given, and no place overlaps another", () => {
  fc.assert(
    fc.property(parameters, ranks, fc.integer({ min: 1, max: 60_000 }), (parameters, ranks, bucketBytes) => {
      const buckets = bucketLayout(parameters, { ranks, bucketBytes });
      const places = buckets.flatMap((bucket) => bucket.places);
      const owned = new Map<string, number>();
      for (const { name, from, length, stride, size } of places) {
        expect(from).toBe(owned.get(name) ?? 0);
        expect([from % sliceGrain, stride]).toEqual([0, sliceLength(size, ranks)]);
        owned.set(name, from + length);
      }
      for (const { name, size } of parameters) expect(owned.get(name) ?? 0).toBe(sliceLength(size, ranks));
      expect([...new Set(places.map(({ name }) => name))]).toEqual([...owned.keys()].sort(byNumber));
      for (const { places, head, width } of buckets) {
        let at = head;
        for (const place of places) {
          expect([place.at, place.at % 4]).toEqual([at, 0]);
          at += (place.isWide ? 4 : 2) * place.length;
        }
        expect(width).toBe(at);
        expect(head).toBeGreaterThanOrEqual(places.length);
        if (places.length > 1) expect((width - head) * ranks).toBeLessThanOrEqual(bucketBytes);
      }
    }),
  );
});

const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1));

test("a parameter that is larger than a bucket is cut over several; the next one begins where there is room", () => {
  const large = { name: "large", size: 4096, isWide: true };
  const small = { name: "small", size: 3, isWide: false };
  const buckets = bucketLayout([large, small], { ranks: 2, bucketBytes: 2 * 4 * 1024 });
  expect(buckets.map(({ places }) => places.map(({ name, from, length }) => [name, from, length]))).toEqual([
    [["large", 0, 1024]],
    [["large", 1024, 1024]],
    [["small", 0, 256]],
  ]);
});

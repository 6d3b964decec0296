import { expect, test } from "vitest";
import { mapAhead } from "./map-ahead.ts";

async function* upTo(count: number) {
  for (let i = 0; i < count; i++) yield i;
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("results keep the order, and never more than `width` run", async () => {
  let [running, most] = [0, 0];
  const results = await mapAhead(upTo(9), 3, async (item, index) => {
    most = Math.max(most, ++running);
    await pause(item % 3 === 0 ? 15 : 1);
    running--;
    return [item, index];
  });
  expect(results).toEqual(Array.from({ length: 9 }, (_, i) => [i, i]));
  expect(most).toBe(3);
});

test("a failure is passed on", async () => {
  const failing = mapAhead(upTo(5), 2, async (item) => {
    if (item === 1) throw new Error("one");
    await pause(5);
  });
  await expect(failing).rejects.toThrow("one");
});

/**
 * Runs `action` on every item, at most `limit` at once, in no set order. The first error ends it, once what runs has ended.
 */
export async function atOnce<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  action: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  for await (const item of items) {
    const run: Promise<void> = action(item)
      .catch((error: unknown) => void errors.push(error))
      .finally(() => running.delete(run));
    running.add(run);
    if (running.size >= limit) await Promise.race(running);
    if (errors.length > 0) break;
  }
  await Promise.all(running);
  if (errors.length > 0) throw errors[0];
}

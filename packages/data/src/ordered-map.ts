/**
 * Yields `action(item)` of every item, in item order; at most `concurrency` actions are begun and not yet taken. The next
 * ones begin before a result is yielded, so they run while the consumer is busy.
 *
 * `action` must settle into a value: a rejection before its turn would be unhandled.
 */
export async function* orderedMap<Item, Result>(
  items: Iterable<Item>,
  concurrency: number,
  action: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const iterator = items[Symbol.iterator]();
  const begun: Promise<Result>[] = [];
  const fill = () => {
    while (begun.length < concurrency) {
      const step = iterator.next();
      if (step.done) return;
      begun.push(action(step.value));
    }
  };
  fill();
  while (begun.length > 0) {
    const result = await begun[0]!;
    begun.shift();
    fill();
    yield result;
  }
}

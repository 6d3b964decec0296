/**
 * Yields `action(item)` of every item, in item order, while at most `limit` actions run or wait for their turn. The first error ends
 * it, once what runs has ended.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  action: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  type Settled = { value: Result } | { error: unknown };
  const begun: Promise<Settled>[] = [];
  const taken = async (): Promise<Result> => {
    const settled = await begun.shift()!;
    if ("value" in settled) return settled.value;
    throw settled.error;
  };
  try {
    for await (const item of items) {
      begun.push(
        action(item).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      );
      if (begun.length >= limit) yield await taken();
    }
    while (begun.length > 0) yield await taken();
  } finally {
    await Promise.all(begun);
  }
}

/** Results in the order of the items, of which `atOnce` are worked on at a time; a failure ends it. */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const running: Promise<Result>[] = [];
  const start = (item: Item) => {
    const result = work(item);
    result.catch(() => {}); // it is thrown when its turn comes
    running.push(result);
  };
  for (const item of items) {
    start(item);
    if (running.length >= atOnce) yield await running.shift()!;
  }
  while (running.length > 0) yield await running.shift()!;
}

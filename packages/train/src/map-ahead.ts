/** Results of `work` on all items, in their order; at most `width` items are in work at a time. */
export async function mapAhead<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item, results.length);
    result.catch(() => {}); // thrown below
    results.push(result);
    if (results.length >= width) await results[results.length - width];
  }
  return Promise.all(results);
}

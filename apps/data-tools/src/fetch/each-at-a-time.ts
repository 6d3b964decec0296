/**
 * Runs `action` on every item, at most `concurrency` at once, in their order.
 *
 * @param onError - Called with the first error, to end what is still at work. @throws {unknown} That error, once nothing is at work.
 */
export async function eachAtATime<Item>(
  items: readonly Item[],
  concurrency: number,
  action: (item: Item) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  const waiting = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    for (const item of waiting) {
      try {
        await action(item);
      } catch (error) {
        errors.push(error);
        if (errors.length === 1) onError(error);
      }
      if (errors.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}

/** Runs a task for every value, at most so many at a time. */
export async function forEachOf<T>(
  values: readonly T[],
  atOnce: number,
  run: (value: T) => Promise<void>,
): Promise<void> {
  const left = values.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const value of left) await run(value);
    }),
  );
}

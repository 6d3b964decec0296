/** Runs one operation at a time; refuses one that begins while another runs. */
export function oneAtATime(rank: number) {
  let running: string | undefined;
  return async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
    if (running !== undefined) throw new RangeError(`${operation}: rank ${rank} has not ended its ${running} yet`);
    running = operation;
    try {
      return await run();
    } finally {
      running = undefined;
    }
  };
}

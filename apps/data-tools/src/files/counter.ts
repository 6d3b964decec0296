/** Counts records whose number is not known before, on a terminal. */
export function counter(label: string, output: NodeJS.WriteStream = process.stderr) {
  let count = 0;
  let isShown = false;
  return {
    add(): void {
      count += 1;
      if (!output.isTTY || count % 5000 > 0) return;
      isShown = true;
      output.write(`\r${label}: ${count} records\x1b[K`);
    },
    stop(): void {
      if (isShown) output.write("\r\x1b[K");
    },
  };
}

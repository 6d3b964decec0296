import { formatBytes, progress } from "@videor1/cli";

/** Work that is done earlier shows no progress. */
const quietMs = 1000;

/** Progress in bytes, a few times a second. */
export function showBytes(label: string, total: number, done = 0) {
  const shown = progress({ label, total, done, format: formatBytes });
  let [bytes, last, isShown] = [done, performance.now() + quietMs, false];
  const began = performance.now();
  return {
    add(more: number): void {
      bytes += more;
      const now = performance.now();
      if (now - last < 200) return;
      last = now;
      isShown = true;
      const rate = formatBytes((1000 * Math.max(0, bytes - done)) / (now - began));
      shown.update(bytes, { rate: `${rate}/s` });
    },
    stop(): void {
      if (isShown) shown.stop();
    },
  };
}

/** A stream for progress, such as `process.stderr`. */
export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface ProgressOptions {
  /** Steps of the whole run. */
  total: number;
  /** How a number of steps is shown, such as `formatBytes`; default as it is. */
  format?: (step: number) => string;
  /** Name of the work, in a word or two. */
  label?: string;
  /** Steps done before this process, such as those of the checkpoint resumed from. */
  done?: number;
  output?: ProgressOutput;
  /** Milliseconds. */
  now?: () => number;
  env?: Readonly<Record<string, string | undefined>>;
  /** Seconds between two lines if the output is no terminal. */
  everySeconds?: number;
  /** The processes of the run: rank 0 alone shows it. */
  peers?: { rank: number } | undefined;
}

export interface Progress {
  /** Shows that `step` steps are done, with values beside it. */
  update(step: number, values?: Readonly<Record<string, string | number | undefined>>): void;
  /** Ends the line. */
  stop(): void;
}

/**
 * Progress of a run with its estimated time of arrival: one line, rewritten, in a terminal; else a plain line every
 * `everySeconds` and at the end. NO_COLOR is honoured (https://no-color.org).
 */
export function progress({
  total,
  format = String,
  label,
  done: start = 0,
  output = process.stderr,
  now = Date.now,
  env = process.env,
  everySeconds = 10,
  peers,
}: ProgressOptions): Progress {
  if (peers && peers.rank > 0) return { update() {}, stop() {} };
  const began = now();
  const dim = output.isTTY && !env.NO_COLOR ? (text: string) => `\x1b[2m${text}\x1b[22m` : (text: string) => text;
  let lastLine = Number.NEGATIVE_INFINITY;

  return {
    update(step, values = {}) {
      const elapsed = (now() - began) / 1000;
      const remaining = step > start ? (elapsed / (step - start)) * (total - step) : Number.NaN;
      const head = [label, `${format(step)}/${format(total)}`].filter(Boolean).join(" ");
      const eta = Number.isNaN(remaining) ? "" : `eta ${formatDuration(remaining)}`;
      const fields = Object.entries(values).map(
        ([name, value]) => value !== undefined && `${name} ${formatValue(value)}`,
      );
      const tail = [eta, ...fields].filter(Boolean).join("  ");
      if (output.isTTY) {
        const room = (output.columns || 80) - head.length - 3;
        output.write(`\r${head}  ${dim(tail.slice(0, Math.max(0, room)))}\x1b[K`);
      } else if (elapsed - lastLine >= everySeconds || step >= total) {
        lastLine = elapsed;
        output.write(`${head}  ${tail}\n`);
      }
    },
    stop() {
      if (output.isTTY) output.write("\n");
    },
  };
}

/** "1:02:03", or "2:03" below an hour. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const pad = (n: number) => String(n).padStart(2, "0");
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** "512 B", "3.4 MB", "310 GB": powers of 1000, three digits. */
export function formatBytes(bytes: number): string {
  const power = Math.min(5, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${["B", "kB", "MB", "GB", "TB", "PB"][power]}`;
}

const formatValue = (value: string | number) =>
  typeof value === "number" ? String(Number(value.toPrecision(4))) : value;

const escaped = (value: string | number): string =>
  String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

/** A set of labels as the text format writes it: `{path="/v1/score",status="200"}`. */
export function labels(values: Readonly<Record<string, string | number>>): string {
  return `{${Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")}}`;
}

/** A number for each set of labels, which `labels` writes. */
export interface Series {
  add(labelText: string, amount?: number): void;
}

/** Counts of observations at or below each bound, their sum and their number. */
export interface Histogram {
  observe(seconds: number): void;
}

/** A set of Prometheus metrics that writes itself in the text format 0.0.4. */
export interface Metrics {
  counter(name: string, help: string): Series;
  /** Adds one number without labels, which `read` gives at each scrape. */
  reading(name: string, help: string, type: "gauge" | "counter", read: () => number): void;
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  text(): string;
}

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function createMetrics(): Metrics {
  const writers: (() => string[])[] = [];
  const declare = (name: string, help: string, type: string, lines: () => string[]): void => {
    writers.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()]);
  };
  return {
    counter(name, help) {
      const values = new Map<string, number>();
      declare(name, help, "counter", () => [...values].map(([labelText, value]) => `${name}${labelText} ${value}`));
      return {
        add(labelText, amount = 1) {
          values.set(labelText, (values.get(labelText) ?? 0) + amount);
        },
      };
    },
    reading(name, help, type, read) {
      declare(name, help, type, () => [`${name} ${read()}`]);
    },
    histogram(name, help, bounds) {
      const counts = bounds.map(() => 0);
      let count = 0;
      let sum = 0;
      declare(name, help, "histogram", () => [
        ...bounds.map((bound, i) => `${name}_bucket{le="${bound}"} ${counts[i]}`),
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
      ]);
      return {
        observe(seconds) {
          count++;
          sum += seconds;
          for (let i = bounds.length - 1; i >= 0 && seconds <= bounds[i]!; i--) counts[i]!++;
        },
      };
    },
    text: () => `${writers.flatMap((write) => write()).join("\n")}\n`,
  };
}

type Labels = Readonly<Record<string, string | number>>;

const escaped = (value: string | number): string =>
  String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const labelText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
};

/** A number per set of labels. */
export interface Series {
  add(labels: Labels, amount?: number): void;
}

/** Counts of observations at or below each bound, their sum and their number. */
export interface Histogram {
  observe(seconds: number): void;
}

/** A set of Prometheus metrics that writes itself in the text format 0.0.4. */
export interface Metrics {
  counter(name: string, help: string): Series;
  gauge(name: string, help: string, read: () => number): void;
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
      declare(name, help, "counter", () => [...values].map(([labels, value]) => `${name}${labels} ${value}`));
      return {
        add(labels, amount = 1) {
          const key = labelText(labels);
          values.set(key, (values.get(key) ?? 0) + amount);
        },
      };
    },
    gauge(name, help, read) {
      declare(name, help, "gauge", () => [`${name} ${read()}`]);
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

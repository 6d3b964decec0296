import { problemTypes } from "@videor1/rewards";
import { createMetrics, labels } from "./metrics.ts";
import type { Item, Score } from "./score-item.ts";

/** The server's own metrics, named as Prometheus scrapes them. */
export interface Meters {
  /** Counts a finished request; status 499 if its client had hung up. */
  request(path: string, status: number, seconds: number): void;
  items(items: readonly Item[], results: readonly Score[]): void;
  text(): string;
}

const requestBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const itemBounds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

export function createMeters(inFlight: () => number): Meters {
  const metrics = createMetrics();
  const name = (rest: string): string => `videor1_rewards_${rest}`;
  const requests = metrics.counter(name("requests_total"), "Requests answered, by path and status.");
  const requestSeconds = metrics.histogram(name("request_seconds"), "Time to answer a request.", requestBounds);
  const items = metrics.counter(name("items_total"), "Items scored, by problem type.");
  const failed = metrics.counter(name("items_failed_total"), "Items that could not be scored, by problem type.");
  const accuracy = metrics.counter(name("accuracy_total"), "Sum of accuracies; divide by items_total for the mean.");
  const format = metrics.counter(name("format_total"), "Sum of format rewards; divide by items_total for the mean.");
  const itemSeconds = metrics.histogram(name("item_seconds"), "Time to score an item.", itemBounds);
  metrics.reading(name("requests_in_flight"), "Requests being received or scored.", "gauge", inFlight);
  metrics.reading("process_cpu_seconds_total", "User and system time of the process.", "counter", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.reading("process_resident_memory_bytes", "Memory of the process.", "gauge", () => process.memoryUsage.rss());
  const typeLabels = new Map(problemTypes.map((type): [string, string] => [type, labels({ problem_type: type })]));
  const otherType = labels({ problem_type: "other" });
  return {
    request(path, status, seconds) {
      requests.add(labels({ path, status }));
      requestSeconds.observe(seconds);
    },
    items(list, results) {
      for (const [i, score] of results.entries()) {
        const type = typeLabels.get(list[i]!.problemType) ?? otherType;
        items.add(type);
        accuracy.add(type, score.accuracy);
        format.add(type, score.format);
        if (score.rule === null) failed.add(type);
        itemSeconds.observe((score.milliseconds.accuracy + score.milliseconds.format) / 1000);
      }
    },
    text: () => metrics.text(),
  };
}

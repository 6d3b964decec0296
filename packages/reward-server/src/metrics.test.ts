import { expect, test } from "vitest";
import { createMetrics, labels } from "./metrics.ts";

test("labels are escaped as the format asks", () => {
  expect(labels({ path: 'a"b\\c\nd', status: 200 })).toBe('{path="a\\"b\\\\c\\nd",status="200"}');
});

test("a counter has a value for each set of labels, a histogram counts up to each bound", () => {
  const metrics = createMetrics();
  const counter = metrics.counter("requests_total", "Requests.");
  const histogram = metrics.histogram("seconds", "Times.", [0.1, 1]);
  metrics.reading("in_flight", "Now.", "gauge", () => 3);
  counter.add(labels({ status: 200 }));
  counter.add(labels({ status: 200 }), 2);
  counter.add(labels({ status: 404 }));
  for (const seconds of [0.05, 0.1, 0.5, 2]) histogram.observe(seconds);
  expect(metrics.text()).toBe(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{status="200"} 3
requests_total{status="404"} 1
# HELP seconds Times.
# TYPE seconds histogram
seconds_bucket{le="0.1"} 2
seconds_bucket{le="1"} 3
seconds_bucket{le="+Inf"} 4
seconds_sum 2.65
seconds_count 4
# HELP in_flight Now.
# TYPE in_flight gauge
in_flight 3
`);
});

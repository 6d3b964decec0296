import { expect, test } from "vitest";
import { formatBytes, formatDuration, type ProgressOptions, progress } from "./progress.ts";

/** The output of updates at these seconds. */
function show(
  updates: [seconds: number, step: number, values?: Record<string, string | number | undefined>][],
  options: Partial<ProgressOptions>,
  isTTY: boolean,
  columns = 80,
) {
  let time = 0;
  let text = "";
  const output = { isTTY, columns, write: (part: string) => (text += part) };
  const bar = progress({ total: 10, now: () => time * 1000, env: {}, output, ...options });
  for (const [seconds, step, values] of updates) {
    time = seconds;
    bar.update(step, values);
  }
  bar.stop();
  return text;
}

test("a terminal gets one line, rewritten, with the time that remains", () => {
  const text = show(
    [
      [10, 1, { loss: 0.123456 }],
      [20, 2],
    ],
    { label: "SFT" },
    true,
  );
  expect(text).toBe(
    "\rSFT 1/10  \x1b[2meta 1:30  loss 0.1235\x1b[22m\x1b[K\rSFT 2/10  \x1b[2meta 1:20\x1b[22m\x1b[K\n",
  );
});

test("NO_COLOR leaves the text plain", () => {
  expect(show([[10, 1]], { env: { NO_COLOR: "1" } }, true)).toBe("\r1/10  eta 1:30\x1b[K\n");
});

test("a narrow terminal is not overrun, so that the line can be rewritten", () => {
  const text = show([[10, 1, { accuracy: 0.5, loss: 0.25, gap: 0.125 }]], { env: { NO_COLOR: "1" } }, true, 20);
  expect(text.slice(1, text.indexOf("\x1b")).length).toBeLessThan(20);
});

test("without a terminal plain lines come now and then, and at the end", () => {
  const text = show(
    [
      [1, 1],
      [2, 2],
      [12, 3],
      [13, 4],
      [14, 10],
    ],
    { everySeconds: 10 },
    false,
  );
  expect(text).toBe("1/10  eta 0:09\n3/10  eta 0:28\n10/10  eta 0:00\n");
});

test("a resumed run counts its own steps for the estimate", () => {
  expect(
    show(
      [
        [0, 8],
        [5, 9],
      ],
      { done: 8, everySeconds: 0 },
      false,
    ),
  ).toBe("8/10  \n9/10  eta 0:05\n");
});

test("a value that is not there is not shown", () => {
  expect(show([[1, 1, { gap: undefined, step: "x" }]], {}, false)).toBe("1/10  eta 0:09  step x\n");
});

test.each([
  [0, "0:00"],
  [59.6, "1:00"],
  [61, "1:01"],
  [3723, "1:02:03"],
  [90_000, "25:00:00"],
])("%d s is %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("steps may be bytes", () => {
  expect(show([[1, 2_500_000]], { total: 310e9, format: formatBytes }, false)).toContain("2.5 MB/310 GB  eta");
  expect([0, 999, 1000, 999_999_999].map(formatBytes)).toEqual(["0 B", "999 B", "1 kB", "1000 MB"]);
});

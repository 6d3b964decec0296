import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scoreBatch } from "@videor1/rewards";
import { expect, test } from "vitest";
import { item } from "./client.ts";
import { ended, runCli, startCli } from "./start-cli.ts";

const lines = (...values: unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const parsed = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("gives a line for a line, in order, with what scoreBatch says", async () => {
  const items = [item(1), item("b", false)];
  const { code, stdout, stderr } = await runCli(["score"], lines(...items));
  const { results } = scoreBatch(items as never);
  expect(parsed(stdout)).toEqual(
    items.map(({ id }, i) => ({ line: i + 1, id, reward: results[i]!.accuracy + results[i]!.format, ...results[i] })),
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(/2 lines, 0 bad, 0 failed; mean accuracy 0.5000, format 1.0000; \d+ lines\/s/);
});

test("takes records of Video-R1, with whatever else they hold, and an option for those without a type", async () => {
  const record = {
    problem_id: 7,
    completion: "<answer>3</answer>",
    solution: "<answer>3</answer>",
    problem_type: "numerical",
  };
  const { problem_type: _, ...untyped } = record;
  const { stdout } = await runCli(
    ["score", "--problem-type", "regression", "--format-weight", "0"],
    lines(record, untyped),
  );
  expect(parsed(stdout)).toMatchObject([
    { rule: "same-number", reward: 1 },
    { rule: "relative-closeness", reward: 1 },
  ]);
});

test("a bad line becomes an error line with its number and is counted; the others are scored", async () => {
  const input = [
    lines(item(1)),
    "\n  \r\n",
    "{half\n",
    lines({ ...item(2), completion: 3 }, { ...item(3), problemType: undefined }, { ...item(4), problemType: "riddle" }),
    `"${"x".repeat(2000)}"\n`,
    JSON.stringify(item(5)), // no line feed at the end
  ];
  const { code, stdout, stderr } = await runCli(["score", "--max-line-bytes", "1000"], input.join(""));
  expect(parsed(stdout)).toMatchObject([
    { line: 1, id: 1, accuracy: 1 },
    { line: 4, error: { code: "malformed-json", position: 1 } },
    { line: 5, error: { code: "wrong-shape", path: "completion" } },
    { line: 6, error: { code: "wrong-shape", path: "problemType" } },
    { line: 7, id: 4, accuracy: 0, rule: null },
    { line: 8, error: { code: "too-large" } },
    { line: 9, id: 5, accuracy: 1 },
  ]);
  expect(stderr).toContain("7 lines, 4 bad, 1 failed");
  expect(code).toBe(1);
});

test("a null is a missing field, as Parquet fills it", async () => {
  const nulls = { ...item(1), id: null, problemType: null, problem_type: "multiple choice", thinkingOpened: null };
  const { problemType: _, ...untyped } = item(2);
  const args = ["score", "--problem-type", "multiple choice"];
  const { code, stdout } = await runCli(args, lines(nulls, { ...untyped, problem_type: null }));
  expect(parsed(stdout)).toMatchObject([{ accuracy: 1 }, { accuracy: 1 }]);
  expect(code).toBe(0);
});

test("an id beyond 2^53 is refused rather than changed", async () => {
  const line = JSON.stringify(item(1)).replace('"id":1', '"id":12345678901234567890');
  const { code, stdout } = await runCli(["score"], `${line}\n`);
  expect(parsed(stdout)).toMatchObject([{ line: 1, error: { code: "wrong-shape", path: "id" } }]);
  expect(code).toBe(1);
});

test("under the original's rules too, a solution may lack its tags", async () => {
  const record = { ...item(1), solution: "1" };
  const { stdout } = await runCli(["score", "--rules", "video-r1"], lines(record, { ...record, completion: "?" }));
  expect(parsed(stdout)).toMatchObject([{ accuracy: 1 }, { accuracy: 0 }]);
});

test("prompts that end in <think> have opened the thinking, by the option or the record", async () => {
  const record = { ...item(1), completion: "t</think><answer>1</answer>" };
  const option = await runCli(["score", "--thinking-opened"], lines(record));
  expect(parsed(option.stdout)).toMatchObject([{ reward: 2 }]);
  const { stdout } = await runCli(["score"], lines({ ...record, thinkingOpened: true }, record));
  expect(parsed(stdout)).toMatchObject([{ reward: 2 }, { reward: 1 }]);
});

test("reads a file, and says which one is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "videor1-score-"));
  const path = join(folder, "rollouts.jsonl");
  writeFileSync(path, lines(item("in a file")));
  expect(parsed((await runCli(["score", path])).stdout)).toMatchObject([{ id: "in a file" }]);
  rmSync(folder, { recursive: true });
  const { code, stderr } = await runCli(["score", path]);
  expect(code).toBe(2);
  expect(stderr).toContain(path);
});

test.each([
  [[], "a command is missing"],
  [["grade"], "unknown command grade"],
  [["score", "--rules", "kind"], "--rules"],
  [["score", "--ruels", "safe"], "--ruels"],
  [["score", "a", "b"], "one file"],
  [["serve", "--port", "70000", "--max-items", "0"], "--port"],
  [["serve", "--port"], "--port"],
  [["serve", "--port="], "--port"],
  [["serve", "--grace-seconds= "], "--grace-seconds"],
  [["serve", "--token-file="], "--token-file"],
  [["score", "--accuracy-weight="], "--accuracy-weight"],
  [["score", "--accuracy-weight", "0x10"], "--accuracy-weight"],
  [["score", "--format-weight", " "], "--format-weight"],
  [["score", "--accuracy-weight=1_000"], "--accuracy-weight"],
  [["score", "--accuracy-weight=１"], "--accuracy-weight"],
  [["score", "--accuracy-weight=1e999"], "--accuracy-weight"],
  [["score", "--max-line-bytes=1.5"], "--max-line-bytes"],
  [["score", "--max-item-work=0"], "--max-item-work"],
  [["score", "--markup=false"], "--markup"],
  [["score", "--unicode"], "--unicode"],
  [["score", "--no-markup"], "--no-markup"],
  [["serve", "--on-unscorable=skip"], "--on-unscorable"],
  [["serve", "--host="], "--host"],
  [["score", "--rules", "video-r1", "--lenient-choices"], "--rules safe"],
  [["score", "--rules", "video-r1", "--expressions"], "--rules safe"],
])("%j is wrong usage: exit code 2, and %s", async (args, problem) => {
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
  expect(stderr).toContain("videor1-rewards --help");
});

test("--help lists both commands with every option", async () => {
  const { code, stdout } = await runCli(["--help"]);
  expect(code).toBe(0);
  for (const flag of [
    "score [file]",
    "serve",
    "--max-body-bytes <value>",
    "--lenient-choices\n",
    "(default 127.0.0.1)",
  ]) {
    expect(stdout).toContain(flag);
  }
});

test("answers each line while the input is still open", async () => {
  const child = startCli(["score", "--quiet"]);
  for (const id of [1, 2, 3]) {
    child.stdin.write(lines(item(id)));
    const [answer] = (await once(child.stdout, "data")) as [Buffer];
    expect(parsed(answer.toString())).toMatchObject([{ line: id, id }]);
  }
  child.stdin.end();
  expect((await ended(child)).code).toBe(0);
});

test("reads no faster than its reader takes: a reader that waits stops it, and then gets every line", async () => {
  const child = startCli(["score", "--quiet"]);
  const chunk = lines(...Array.from({ length: 500 }, (_, i) => item(i)));
  let written = 0;
  const write = (): void => {
    while (written < 150) {
      written++;
      if (!child.stdin.write(chunk)) return;
    }
    child.stdin.end();
  };
  child.stdin.on("drain", write);
  write();
  // Nothing reads the output: pipes and buffers fill, and writing comes to a halt long before the 11 MB are through.
  await once(child.stdout, "readable"); // it has started, and its first lines are here
  let last = -1;
  while (last !== written) {
    last = written;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  expect(written).toBeLessThan(100);
  const { code, stdout } = await ended(child);
  expect(code).toBe(0);
  const ids = parsed(stdout).map(({ id }) => id);
  expect(ids).toHaveLength(75_000);
  expect(ids.every((id, i) => id === i % 500)).toBe(true);
});

test("a reader that leaves ends it without a stack trace", async () => {
  const child = startCli(["score", "--quiet"]);
  child.stdout.destroy();
  child.stdin.on("error", () => {});
  child.stdin.write(lines(...Array.from({ length: 5000 }, (_, i) => item(i))));
  child.stdin.end();
  const { code, stderr } = await ended(child);
  expect(code).toBe(1);
  expect(stderr).toContain("the reader closed the output");
  expect(stderr).not.toContain("    at ");
});

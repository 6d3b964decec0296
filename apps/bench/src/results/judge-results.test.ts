import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { itemsOf, safe, scoreItems } from "@videor1/eval";
import { startServerDouble, textOf } from "@videor1/served-model/double";
import { afterAll, expect, test, vi } from "vitest";
import { JudgeOptions } from "../config.ts";
import { judgeResults } from "./judge-results.ts";

const folder = mkdtempSync(join(tmpdir(), "judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = new URL("../../../../packages/eval/test/golden/benchmarks/tempcompass.json", import.meta.url);
const { files } = JSON.parse(readFileSync(file, "utf8")) as { files: Record<string, unknown> };
const items = itemsOf("tempcompass", files).filter(({ id }) => /^(captioning|multi-choice|yes_no)\/kt00/.test(id));
const results = scoreItems(
  items,
  items.map(({ id, groups }) => ({
    problemId: id,
    problemType: "free-form" as const,
    solution: "<answer></answer>",
    task: groups.task!,
    status: "answered" as const,
    output: groups.task === "captioning" ? "A green kettle boils." : "yes",
  })),
  { safe },
);
const caption = results.findIndex(({ item }) => item.answerType === "caption");
const print = vi.fn<(line: string) => void>();
const gold = String(items.find(({ id }) => id === "multi-choice/kt00/action/0")!.extra!.answer);

test("what rules leave to a judge is asked once, and its reply kept; what they have scored stays", async () => {
  const double = await startServerDouble({ answer: () => `Reasoning: it is green.\nAnswer: ${gold}` });
  const options = JudgeOptions.parse({ urls: [double.url], model: "double" });
  const judge = () => judgeResults(results, "safe", folder, options, { signal: new AbortController().signal, print });
  try {
    expect(results[caption]).toMatchObject({ outcome: "unjudged", score: 0 });
    const first = await judge();
    expect(first.results[caption]).toMatchObject({ outcome: "scored", score: 1, readings: { safe: { score: 1 } } });
    expect(first.results.filter((_, i) => i !== caption)).toEqual(results.filter((_, i) => i !== caption));
    expect(first.judge).toMatchObject({ model: "double", asked: 1, cached: 0, failed: 0 });
    const second = await judge();
    expect(second.results).toEqual(first.results);
    expect(second.judge).toMatchObject({ asked: 0, cached: 1 });
  } finally {
    await double.stop();
  }
});

test("it says of every response whether it engages with time, if it is asked to", async () => {
  const double = await startServerDouble({
    model: "grounded",
    answer: (request) => (/Response: /.test(textOf(request)) ? "<answer>yes</answer>" : `Answer: ${gold}`),
  });
  try {
    const options = JudgeOptions.parse({ urls: [double.url], model: "grounded", grounded: true });
    const { judge } = await judgeResults(results, "safe", folder, options, {
      signal: new AbortController().signal,
      print,
    });
    expect(judge.grounded).toMatchObject({ share: { n: results.length, mean: 1 }, failed: 0 });
  } finally {
    await double.stop();
  }
});

test("a judge that does not answer leaves the item unjudged", async () => {
  const double = await startServerDouble();
  try {
    const options = JudgeOptions.parse({ urls: [double.url], model: "silent" });
    const { results: left, judge } = await judgeResults(results, "safe", folder, options, {
      signal: new AbortController().signal,
      print,
    });
    expect(left).toEqual(results);
    expect(judge.failed).toBe(1);
    expect(print.mock.calls[0]![0]).toMatch(
      /no verdict on 1 items; the first, captioning.kt00.action.0: .*silent. does not exist/,
    );
  } finally {
    await double.stop();
  }
});

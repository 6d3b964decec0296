import { describe, expect, test } from "vitest";
import { everyBenchmark } from "../../../test/golden.ts";
import { goldenItems, goldenOutputs } from "../../../test/recorded-scores.ts";
import type { BenchmarkItem } from "../../item.ts";
import { safe } from "./safe.ts";

/** What the official file calls the right answer, and the letter of it. */
function goldsOf({ benchmark, extra, gold }: BenchmarkItem): string[] {
  const official = String((benchmark === "egoschema" ? undefined : extra?.answer) ?? gold); // EgoSchema's is an index
  return [gold, official, official.split(":")[0]!];
}

/** The score that a block between answer tags deserves: of a number its closeness, else 1 for a gold. */
function deservedBy(item: BenchmarkItem, block: string): number {
  if (item.answerType === "caption") return 0;
  if (item.answerType !== "number") return goldsOf(item).includes(block) ? 1 : 0;
  const error = Math.abs(Number(block) - Number(item.gold)) / Number(item.gold);
  return [0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05].filter((limit) => error <= limit + 1e-12).length / 10;
}

describe.each(everyBenchmark)("%s", (name, { runs, probes }) => {
  const items = goldenItems(name);
  const { read, aggregate } = safe[name];

  test("a silent model earns nothing, and loses no item", () => {
    const asked = Object.keys(runs.empty!).map((id) => items.get(id)!);
    const readings = asked.map((item) => read(item, runs.empty![item.id]!));
    expect(readings.filter(({ score, status }) => score !== 0 || status !== "unparsed")).toEqual([]);
    expect(aggregate(asked, readings)).toMatchObject({
      score: 0,
      mean: 0,
      n: asked.length,
      statuses: { unparsed: asked.length },
    });
  });

  test("a right answer in a sentence earns all", () => {
    const lost = Object.entries(runs.sentence!)
      .map(([id, output]) => ({ output, item: items.get(id)!, ...read(items.get(id)!, output) }))
      .filter(({ score, item }) => score !== 1 && item.answerType !== "caption");
    expect(lost).toEqual([]);
    for (const [id, output] of Object.entries(runs.sentence!)) {
      if (items.get(id)!.answerType !== "caption") expect(output).toMatch(/^The answer is /);
    }
  });

  test("an answer block earns what it holds, and thinking nothing", () => {
    for (const [id, output] of Object.entries(runs.tagged!)) {
      const item = items.get(id)!;
      const [, block = ""] = /<answer>(.*)<\/answer>/s.exec(output) ?? [];
      expect(read(item, output).score, `${id}: ${output}`).toBeCloseTo(deservedBy(item, block), 9);
    }
  });

  test.each([..."ABCDEFGHIJ", "A.", "(A)", "yes", "no", "1", "0"])("%j earns where it is the gold alone", (output) => {
    for (const id of probes) {
      const item = items.get(String(id))!;
      const { answerType, options, gold } = item;
      const said = answerType === "choice" && !options.includes(output) ? output.replace(/[().]/g, "") : output;
      const isRight = goldsOf(item).includes(said) || options[gold.charCodeAt(0) - 65] === said;
      const { score } = read(item, output);
      if (answerType === "number" && /\d/.test(output)) expect(score).toBe(deservedBy(item, output));
      else expect(score, `${id}: ${output}`).toBe(isRight ? 1 : 0);
    }
  });

  test("no output makes it throw, and every score is a share", () => {
    for (const { text } of goldenOutputs().filter((_, i) => i % 5 === 0)) {
      for (const id of probes) {
        const { score, status, rule } = read(items.get(String(id))!, text);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(rule === undefined, text).toBe(status !== undefined);
        if (status !== undefined) expect(["unparsed", "unjudged"]).toContain(status);
      }
    }
  });
});

test("outputs of thousands of tags, letters or announcements are read in a moment", () => {
  const [item] = goldenItems("mvbench").values();
  for (const part of ["<think>", "</think>", "<answer>", "</answer>", "A ", "C\n", "the answer is ", "answer: A or "]) {
    expect(safe.mvbench.read(item!, part.repeat(10_000)).score).toBe(0);
  }
});

test("POPE: what is yes among answers and golds, of all and of each category", () => {
  const items = [...goldenItems("pope").values()];
  const silent = safe.pope.aggregate(
    items,
    items.map((item) => safe.pope.read(item, "")),
  );
  expect(silent).toMatchObject({ yesNo: { all: { accuracy: 0, precision: null, yesRatio: 0, goldYesRatio: 0.5 } } });
  const yes = safe.pope.aggregate(
    items,
    items.map((item) => safe.pope.read(item, "<answer>A</answer>")),
  );
  expect(yes).toMatchObject({ score: 0.5, yesNo: { all: { recall: 1, yesRatio: 1 }, popular: { precision: 0.5 } } });
});

test("VSI-Bench: the mean of its tasks, the levels of relative direction one task", () => {
  const items = [...goldenItems("vsi-bench").values()];
  const readings = items.map(({ groups }) => ({ score: groups.task!.endsWith("_easy") ? 1 : 0 }));
  expect(safe["vsi-bench"].aggregate(items, readings)).toMatchObject({ score: 1 / 3 / 8, n: items.length });
});

test("a decimal number is no label of a numbered caption", () => {
  const items = [...goldenItems("tempcompass").values()];
  const item = items.find(({ extra, gold }) => /^\w+ 2:/m.test(String(extra?.question)) && gold === "B")!;
  for (const output of ["2", "2.", "(2)", "Option 2", "Option 2.", "2. ", "The answer is Option 2."])
    expect(safe.tempcompass.read(item, output).extracted, output).toBe("B");
  for (const output of ["2.50", "2.5 m", "2:30", "Option 2.50", "<answer>2.0</answer>"])
    expect(safe.tempcompass.read(item, output), output).toMatchObject({ score: 0, status: "unparsed" });
});

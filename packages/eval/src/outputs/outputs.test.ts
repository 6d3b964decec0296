import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyBenchmark, goldenBenchmark } from "../../test/golden.ts";
import { goldenItems } from "../../test/recorded-scores.ts";
import type { BenchmarkItem } from "../item.ts";
import { matchOutputs } from "./match-outputs.ts";
import { readOutputs } from "./read-outputs.ts";
import { readTable } from "./read-table.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outputs-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const lines = (name: string, records: readonly object[]) =>
  written(name, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
const fixture = (name: string) => join(import.meta.dirname, "../../test/fixtures/outputs", name);

describe("VLMEvalKit's tables", () => {
  const items = [...goldenItems("video-mme").values()];
  const { mixed } = goldenBenchmark("video-mme").runs;

  test.each(["tiny_Video-MME.xlsx", "tiny_Video-MME.tsv"])(
    "%s: rows find their items by video and question",
    (name) => {
      const rows = readOutputs(fixture(name));
      const { outputs, unmatched, missing } = matchOutputs(items, rows);
      expect(unmatched).toEqual([]);
      expect(missing).toHaveLength(items.length - 12);
      expect(outputs.size).toBe(12);
      for (const [id, output] of outputs) {
        const isSpecial = id === "002-2";
        expect(output).toBe(isSpecial ? 'line one\nline <two> & "three"\v _x000A_ ☃ 😀' : mixed![id]);
      }
    },
  );

  test("an .xlsx that is none is told", () => {
    expect(() => readOutputs(written("broken.xlsx", "PK but no archive"))).toThrow(
      "broken.xlsx: is no .xlsx file: no ZIP",
    );
  });
});

test("tables in text: quotes, separators and line breaks in fields, empty fields, a byte order mark", () => {
  expect(readTable('\ufeffa\tb\r\n"x\ty"\t"say ""hi""\n"\n\t\n', "\t")).toEqual([
    ["a", "b"],
    ["x\ty", 'say "hi"\n'],
    ["", ""],
  ]);
  expect(readTable("a,b\n1,", ",")).toEqual([
    ["a", "b"],
    ["1", ""],
  ]);
});

/** What lmms-eval 0.7.3 logs of a record besides its place, the prompt and the responses: the metrics of the task's utils.py. */
const metrics: Partial<Record<string, (item: BenchmarkItem) => object>> = {
  "vsi-bench": ({ extra }) => ({ vsibench_score: extra }),
  "video-mmmu": ({ extra }) => ({ mmmu_acc: { id: extra!.id, answer: extra!.answer } }),
  mmvu: ({ extra }) => ({ accuracy: { question_id: extra!.id } }),
  "video-mme": ({ extra }) => ({ videomme_perception_score: { question_id: extra!.question_id } }),
  tempcompass: ({ extra }) => ({ avg_accuracy: { video_id: extra!.video_id, dim: extra!.aspect } }),
  longvideobench: ({ extra }) => ({ lvb_acc: { id: extra!.id } }),
  egoschema: ({ extra }) => ({ score: { pred: 1 }, submission: { [String(extra!.video_idx)]: 1 } }),
  pope: ({ extra }) => ({ pope_accuracy: { question_id: extra!.question_id } }),
  mathvista: ({ extra }) => ({ submission: { question_id: extra!.pid } }),
};
const tasks: Partial<Record<string, (task: string) => string>> = {
  mvbench: (task) => `mvbench_${task}`,
  tempcompass: (task) => `tempcompass_${task.replaceAll("-", "_")}`,
  "video-mmmu": (task) => `video_mmmu_${task.toLowerCase()}`,
};

describe.each(everyBenchmark)("%s", (name, { runs }) => {
  const items = [...goldenItems(name).values()];
  const replies = Object.entries(runs.mixed!);
  const asked = new Set(replies.map(([id]) => id));

  test("lines that lmms-eval logs find their items", () => {
    const files = new Map<string, object[]>();
    const places = new Map<string, number>();
    for (const item of items) {
      const task = tasks[name]?.(item.groups.task!) ?? name;
      const place = places.get(task) ?? 0;
      places.set(task, place + 1);
      if (!asked.has(item.id)) continue;
      const shown = String(item.extra?.question ?? item.question);
      const line = {
        doc_id: place,
        target: item.gold,
        resps: [runs.mixed![item.id]],
        filtered_resps: "cut",
        input: `Watch.\n${shown}\nA. one\nAnswer with the option's letter.`,
        ...metrics[name]?.(item),
      };
      files.set(task, [...(files.get(task) ?? []), line]);
    }
    const rows = [...files].flatMap(([task, records]) => readOutputs(lines(`2026_samples_${task}.jsonl`, records)));
    const { outputs, unmatched, missing } = matchOutputs(items, rows);
    expect(unmatched).toEqual([]);
    expect(missing).toEqual(items.map(({ id }) => id).filter((id) => !asked.has(id)));
    expect(Object.fromEntries(outputs)).toEqual(runs.mixed);
  });

  test("our own lines, predictions and batches find theirs by id", () => {
    const [failedId] = replies.at(-1)!;
    const own = replies.slice(0, -1).map(([id, output]) => ({ benchmark: name, id, output, status: "scored" }));
    const batch = replies.slice(0, -1).map(([custom_id, content]) => ({
      custom_id,
      response: { status_code: 200, body: { choices: [{ message: { content } }] } },
    }));
    const predictions = replies.slice(0, -1).map(([problemId, output]) => ({ problemId, status: "answered", output }));
    const forms = [
      lines("outputs.jsonl", [...own, { benchmark: name, id: failedId, status: "engine-error", reason: "boom" }]),
      lines("batch.jsonl", [...batch, { custom_id: failedId, response: null, error: { message: "boom" } }]),
      lines("ordered.jsonl", [...predictions, { problemId: failedId, status: "failed", reason: "boom" }]),
    ];
    for (const form of forms) {
      const { outputs, failed, unmatched } = matchOutputs(items, readOutputs(form));
      expect(unmatched).toEqual([]);
      expect([...outputs]).toEqual(replies.slice(0, -1));
      expect([...failed.keys()]).toEqual([failedId]);
      expect(failed.get(failedId)).toContain("boom");
    }
  });
});

test("what eval_bench.py writes", () => {
  const items = [...goldenItems("vsi-bench").values()];
  const results = items.map(({ id, question }) => ({
    problem_id: Number(id),
    problem: question,
    output: `o${id}`,
    prediction: "",
  }));
  const { outputs } = matchOutputs(
    items,
    readOutputs(written("eval.json", JSON.stringify({ results, final_acc: [{}] }))),
  );
  expect(outputs.get(items[1]!.id)).toBe(`o${items[1]!.id}`);
  expect(outputs.size).toBe(items.length);
});

describe("what fits no item is named", () => {
  const items = [...goldenItems("mvbench").values()];
  const [first, second] = items as [BenchmarkItem, BenchmarkItem];

  test("an unknown id, a second output, another question, a question that several have", () => {
    const path = lines("rows.jsonl", [
      { id: first.id, output: "A" },
      { id: first.id, output: "B" },
      { id: "none/1", output: "A" },
      { id: second.id, question: "Who is this?", output: "A" },
      { question: "What happens?", output: "A" },
    ]);
    const twins = [
      ...items,
      { ...first, id: "x/1", question: "What happens?" },
      { ...first, id: "x/2", question: "What happens?" },
    ];
    const { outputs, unmatched } = matchOutputs(twins, readOutputs(path));
    expect([...outputs]).toEqual([[first.id, "A"]]);
    expect(unmatched.map(({ place: { line }, reason }) => `${line}: ${reason}`)).toEqual([
      `2: item ${first.id} has line 1 of ${path}`,
      "3: no item has the id none/1",
      `4: item ${second.id} has another question`,
      "5: 2 items have its question",
    ]);
  });

  test.each<[string, string, string]>([
    ["a.jsonl", '{"id": 1, "output": "A"}\n{"id": 2, "out', "a.jsonl, line 2: is no JSON"],
    [
      "b.jsonl",
      '{"id": 1, "output": "A"}\n{"video": 1}\n',
      "b.jsonl, line 2: is no output of a model (its fields: video)",
    ],
    ["c.json", "[]", "c.json: holds no output"],
    ["d.json", "{", "d.json, line 1: is no JSON"],
    ["e.pkl", "x", "e.pkl: its name ends in no form that we know"],
    ["f.tsv", "", "f.tsv: holds no line of names"],
    ["g.json", '[{"id": 1, "output": "A"}', "g.json: is no JSON"],
    ["h.csv", 'id,output\n1,"A\n2,B\n', "h.csv: the quote that opens in line 2 is never closed"],
    ["i.csv", "id,output\n1,A\n2\n", "i.csv, line 3: has 1 fields, and the table 2 columns"],
    ["j.csv", "id,output,output\n1,A,B\n", "j.csv: has two columns output"],
  ])("%s", (name, content, message) => {
    const read = () => readOutputs(written(name, content));
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: "OUTPUTS_FILE", hint: expect.stringMatching(/./) }));
  });

  test("an output that is null is one of a model that failed", () => {
    const path = lines("null.jsonl", [
      { id: first.id, output: null },
      { id: second.id, output: "A" },
    ]);
    const { failed, outputs } = matchOutputs(items, readOutputs(path));
    expect([...failed]).toEqual([[first.id, "its output is null"]]);
    expect([...outputs.keys()]).toEqual([second.id]);
  });

  test("text behind a closed quote belongs to the field", () =>
    expect(readTable('"a"b,"c""d"\n', ",")).toEqual([["ab", 'c"d']]));

  test("a file that is not there", () =>
    expect(() => readOutputs(join(folder, "no.jsonl"))).toThrow("no.jsonl: cannot be read"));
});

test("a benchmark of full size takes a moment", () => {
  const [base] = goldenItems("video-mme").values();
  const items = Array.from({ length: 5000 }, (_, i) => ({
    ...base!,
    id: `q-${i}`,
    question: `Question ${i}?`,
    extra: { question_id: `q-${i}`, videoID: `v${i >> 2}` },
  }));
  const place = { file: "f", line: 1 };
  const fields = (i: number): Record<string, string> => (i % 2 === 0 ? { video: `v${i >> 2}` } : {});
  const rows = items.map(({ question }, i) => ({ place, output: "A", question, position: i, fields: fields(i) }));
  expect(matchOutputs(items, rows).outputs.size).toBe(5000);
});

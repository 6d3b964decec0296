import { parseRecord } from "@videor1/data";
import { describe, expect, test } from "vitest";
import { everyBenchmark, goldenBenchmark } from "../test/golden.ts";
import { benchmarks } from "./benchmarks.ts";
import { exampleOf } from "./item.ts";
import { itemsOf } from "./items-of.ts";

describe.each(everyBenchmark)("%s from its official records", (name, golden) => {
  const items = itemsOf(name, golden.files);
  const byId = new Map(items.map((item) => [item.id, item]));
  const idsOfRuns = [...golden.probes.map(String), ...Object.keys(golden.runs.mixed ?? {})];

  test("has the items that probes and runs name, and no others", () => {
    expect([...byId.keys()].sort()).toEqual([...idsOfRuns].sort());
  });

  test("every official record is an item's extra", () => {
    const held = items.map(({ extra }) => JSON.stringify(extra));
    const rows = Object.values(golden.files).flatMap((content) => (Array.isArray(content) ? content : []));
    for (const row of rows) {
      const text = JSON.stringify(row).slice(0, -1); // facts of its place follow
      expect(held.some((extra) => extra.startsWith(text))).toBe(true);
    }
  });

  test("the gold of a choice is the letter of one of its options", () => {
    for (const { answerType, gold, options } of items)
      if (answerType === "choice") expect(options[gold.charCodeAt(0) - 65]).toBeTypeOf("string");
  });

  test.runIf(golden.videoR1File)("an item is Video-R1's record of it", () => {
    const records = golden.videoR1File![benchmarks[name].recordsFile!]!;
    const theirs = records.map((record, index) => parseRecord(record, { file: "", index }));
    const ours = idsOfRuns.map((id) => exampleOf(byId.get(id)!));
    const comparable = (example: (typeof theirs)[number]) => {
      const { problem, options, problemType, solution, dataType, path } = example;
      // Video-R1 puts media in folders of its own, and leaves out what a captioning question says after its first line.
      const [firstLine] = problem.split("\n");
      return { firstLine, options, problemType, solution, dataType, file: path.split("/").at(-1) };
    };
    expect(ours.map(comparable)).toEqual(theirs.map(comparable));
  });
});

test("a record of another shape is told by file, place, id and field", () => {
  const { files } = goldenBenchmark("video-mme");
  const [file, rows] = Object.entries(files)[0] as [string, Record<string, unknown>[]];
  const broken = [rows[0], { ...rows[1], answer: "E", duration: "brief" }];
  expect(() => itemsOf("video-mme", { [file]: broken })).toThrow(
    /^video-mme: videomme\/test-00000-of-00001.parquet, record 1 \(id 001-2\): duration: /,
  );
});

test("a gold that is none of the options is a fault of its field", () => {
  const { files } = goldenBenchmark("mvbench");
  const rows = files["json/action_count.json"] as Record<string, unknown>[];
  expect(() => itemsOf("mvbench", { "json/action_count.json": [{ ...rows[0], answer: "7" }] })).toThrow(
    'mvbench: json/action_count.json, record 0: answer: "7" is none of the 4 options',
  );
});

test("an id that comes twice is an error", () => {
  const { files } = goldenBenchmark("egoschema");
  const [file, rows] = Object.entries(files)[0] as [string, unknown[]];
  expect(() => itemsOf("egoschema", { [file]: [rows[0], rows[1], rows[0]] })).toThrow("record 2 (id 0): id: another");
});

test("files of another benchmark are an error that names what was looked for", () => {
  expect(() => itemsOf("pope", { "test.jsonl": [] })).toThrow("pope: test.jsonl holds none of data/test.parquet");
});

test("a file of another nesting is an error", () => {
  expect(() => itemsOf("video-mmmu", { "data/adaptation_video.json": 3 })).toThrow(
    "video-mmmu: data/adaptation_video.json is not an object of records by key",
  );
});

describe("tables of the data sets", () => {
  test("TempCompass: a row names its video and aspect, and of captioning the answer of its question for the judge", () => {
    const rows = ["a", "b", "a"].map((video_id) => ({
      video_id,
      dim: "speed",
      question: "Describe it.",
      mc_question: "How fast?\nA. slowly\nB. fast",
      mc_answer: "B. fast",
    }));
    const items = itemsOf("tempcompass", { "captioning/test-00000-of-00001.parquet": rows });
    expect(items).toMatchObject([
      { id: "captioning/a/speed/0", gold: "B. fast", groups: { task: "captioning", aspect: "speed" } },
      { id: "captioning/b/speed/0" },
      { id: "captioning/a/speed/1", media: [{ kind: "video", path: "videos/a.mp4" }] },
    ]);
  });

  test("TempCompass: options as three published questions have them", () => {
    const question = "Which event occurs first?\nA. dancing\n B. an air kiss\nC.Both at once";
    const files = { "questions/multi-choice.json": { a: { order: [{ question, answer: "C.Both at once" }] } } };
    expect(itemsOf("tempcompass", files)).toMatchObject([
      { question: "Which event occurs first?", options: ["dancing", "an air kiss", "Both at once"], gold: "C" },
    ]);
  });

  test.each([
    [[], "tempcompass: questions/yes_no.json finds no object in meta_info.json"],
    [{ a: { eval_dim: 3 } }, "finds no object in meta_info.json/a/eval_dim"],
    [{ a: { eval_dim: { speed: { type: 3 } } } }, "finds no text in meta_info.json/a/eval_dim/speed/type"],
  ])("TempCompass: kinds of aspects in another form are refused: %j", (info, message) => {
    const files = { "questions/yes_no.json": { a: { speed: [{ question: "Slow?", answer: "yes" }] } } };
    expect(() => itemsOf("tempcompass", { ...files, "meta_info.json": info })).toThrow(message);
    const whole = { a: { eval_dim: { speed: { type: "relative_speed" } } } };
    expect(itemsOf("tempcompass", { ...files, "meta_info.json": whole })[0]!.groups.fineAspect).toBe("relative_speed");
  });

  test("LongVideoBench: five options filled up with N/A are those that are there", () => {
    const [{ candidates, ...row }] = goldenBenchmark("longvideobench").files["lvb_val.json"] as [
      { candidates: string[] },
    ];
    const padded = Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`option${i}`, candidates[i] ?? "N/A"]));
    const table = { "validation-00000-of-00001.parquet": [{ ...row, ...padded }] };
    expect(itemsOf("longvideobench", table)[0]!.options).toEqual(candidates);
  });

  test("VideoMMMU: options that carry their letters lose them", () => {
    const record = { id: "validation_Art_1", question: "?", answer: "B", options: ["A. one", "B.two"] };
    const [item] = itemsOf("video-mmmu", { "Perception/test-00000-of-00001.parquet": [record] });
    expect(item).toMatchObject({ id: "Perception/validation_Art_1", options: ["one", "two"], gold: "B" });
  });

  test("VideoMMMU: an untyped question with options is one of choice; a gold that is a broken list is its text", () => {
    const untyped = { id: "validation_Accounting_13", question: "?", answer: "C", options: [..."abcd"] };
    const broken = { id: "validation_Math_15", question: "?", answer: "['24/7', '3.429', '3.43]", options: [] };
    const records = { 0: { ...untyped, question_type: null }, 1: { ...broken, question_type: "open" } };
    const items = itemsOf("video-mmmu", { "data/adaptation_video.json": { Adaptation: records } });
    expect(items).toMatchObject([
      { answerType: "choice", problemType: "multiple choice", gold: "C" },
      { answerType: "text", problemType: "free-form", gold: broken.answer },
    ]);
  });

  test("MathVista: options that are bracketed letters are options as others", () => {
    const { files } = goldenBenchmark("mathvista");
    const [first] = Object.values(files["data/testmini.json"] as object);
    const record = { ...first, choices: ["(c)", "(a)", "(e)", "(d)", "(b)"], answer: "(b)" };
    expect(itemsOf("mathvista", { "data/testmini.json": { 168: record } })[0]).toMatchObject({ gold: "E" });
  });
});

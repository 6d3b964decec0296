import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startServerDouble } from "@videor1/served-model/double";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { scoreArguments } from "./arguments.ts";
import { scoreCommand } from "./cli.ts";
import { ScoreConfig } from "./config.ts";
import { scoreOutputs } from "./run.ts";

interface Recorded {
  files: Record<string, unknown>;
  runs: Record<string, Record<string, string>>;
}
const golden = join(import.meta.dirname, "../../../../packages/eval/test/golden/benchmarks");
const recorded = (name: string): Recorded => JSON.parse(readFileSync(join(golden, `${name}.json`), "utf8"));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "score-"));
  for (const name of ["videoholmes", "mmvu", "videommmu"])
    for (const [file, content] of Object.entries(recorded(name).files)) {
      const path = join(folder, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify(content));
    }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lines(name: string, records: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return path;
}

async function score(settings: Record<string, unknown>) {
  const printed: string[] = [];
  const config = ScoreConfig.parse(settings);
  const result = await scoreOutputs(config, {
    print: (line) => printed.push(line),
    signal: new AbortController().signal,
  });
  return { result, text: printed.join("\n") };
}

test("files of outputs stand among the settings, which may have dashes", () => {
  const argv = ["outputs.jsonl", "more.xlsx", "--scorers=official,safe", "data=d", "my.yaml", "--dry-run"];
  expect(scoreArguments(argv)).toEqual([
    "scorers=official,safe",
    "data=d",
    "my.yaml",
    "--dry-run",
    'outputs=["outputs.jsonl","more.xlsx"]',
  ]);
  expect(scoreArguments(["data=d"])).toEqual(["data=d"]);
});

test("lmms-eval's file: scores, what is missing and what fits nothing, all of it in a file", async () => {
  const { files, runs } = recorded("videoholmes");
  const records = Object.values(files)[0] as { "Question ID": number; Question: string }[];
  const rows = records.flatMap(({ "Question ID": id, Question: question }, doc_id) => {
    const reply = runs.mixed![String(id)];
    return reply === undefined
      ? []
      : [{ doc_id, target: "?", filtered_resps: [reply], input: `Watch. ${question} Answer.` }];
  });
  const path = lines("1_samples_video_holmes.jsonl", [...rows, { ...rows[0], doc_id: 900, input: "Who?" }]);
  const settings = {
    outputs: [path],
    benchmark: "video-holmes",
    data: { folder: join(folder, "videoholmes"), allowOtherCounts: true },
    result: join(folder, "result.json"),
  };
  const { result, text } = await score(settings);
  expect(text).toMatch(
    /^35 of 37 items have an output\.\n2 have none and count as wrong; .*: 1, 2\n1 rows are no item's:\n/,
  );
  expect(text).toContain("no item has its question");
  expect(text).toMatch(/^official +48\.6 /m); // 18 of 37
  expect(result.scorers.map(({ name, mean }) => [name, mean])).toContainEqual(["official", 18 / 37]);
  expect(JSON.parse(readFileSync(settings.result, "utf8"))).toMatchObject({
    benchmark: "video-holmes",
    n: 37,
    missing: ["1", "2"],
    unmatched: [{ place: { line: 36 } }],
  });
  const { result: partial } = await score({ ...settings, partial: true, scorers: ["official"] });
  expect(partial.scorers).toMatchObject([
    { name: "official", mean: 18 / 35, aggregate: { "Overall Accuracy": "0.51" } },
  ]);
});

test("from the command line, with its mistakes told", async () => {
  const said = vi.spyOn(console, "log").mockReturnValue(undefined);
  const mistakes = vi.spyOn(console, "error").mockReturnValue(undefined);
  try {
    const path = lines("cli.jsonl", [{ benchmark: "video-holmes", id: "3", output: "C" }]);
    const settings = [`data=${join(folder, "videoholmes")}`, "data.allowOtherCounts=true", "--partial=true"];
    await scoreCommand([path, ...settings, "--scorers=official,safe"]);
    expect(said.mock.calls.flat().join("\n")).toMatch(/^official +100\.0 .*\nsafe +100\.0 /m);
    expect(process.exitCode).toBeUndefined();
    await scoreCommand([join(folder, "none.jsonl"), ...settings]);
    expect(mistakes.mock.calls.flat().join("\n")).toContain("none.jsonl: cannot be read\nGive the path of a file.");
    expect(process.exitCode).toBe(1);
    await scoreCommand(settings);
    expect(mistakes.mock.calls.flat().join("\n")).toContain("outputs: are missing: npm run bench -- score FILE");
  } finally {
    process.exitCode = undefined;
    said.mockRestore();
    mistakes.mockRestore();
  }
});

test("what only a judge can score is listed, or judged, and kept", async () => {
  const { files, runs } = recorded("mmvu");
  const records = Object.values(files)[0] as { id: string; question_type: string; answer: string }[];
  const outputs = records.flatMap(({ id, question_type, answer }) => {
    const reply = runs.mixed![id];
    if (reply === undefined) return [];
    return [
      {
        benchmark: "mmvu",
        id,
        output: question_type === "open-ended" && id < "validation_2" ? `Near ${answer}, I think` : reply,
      },
    ];
  });
  const data = { folder: join(folder, "mmvu"), allowOtherCounts: true };
  const path = lines("mmvu.jsonl", outputs);
  const rules = await score({ outputs: [path], data, partial: true });
  expect(rules.text).toMatch(/Unjudged \(\d+; judge\.urls/);
  expect(rules.result.judged).toBeUndefined();

  const server = await startServerDouble({
    model: "judge",
    answer: () => '{"extracted_answer": "x", "correct": true}',
  });
  try {
    const judge = { urls: [server.url], model: "judge", cache: join(folder, "judge.jsonl"), checks: 2 };
    const first = await score({ outputs: [path], data, partial: true, judge });
    const { unjudged, asked, failed, rules: before, mean: after } = first.result.judged!;
    expect(first.text).toContain(`${unjudged} of ${unjudged} items judged; ${asked} asked, 0 from the cache.`);
    expect(asked).toBe(unjudged + 2);
    expect(failed).toEqual([]);
    expect(after - before).toBeCloseTo(unjudged / outputs.length, 12);
    expect((await score({ outputs: [path], data, partial: true, judge })).result.judged).toMatchObject({
      asked: 0,
      cached: asked,
    });
  } finally {
    await server.stop();
  }
});

test("outputs of another benchmark, and of none", async () => {
  const data = { folder: join(folder, "mmvu"), allowOtherCounts: true };
  const other = lines("other.jsonl", [{ id: "x", output: "A" }]);
  await expect(score({ outputs: [other], data })).rejects.toThrow("does not say which one benchmark");
  await expect(score({ outputs: [other], data, benchmark: "mmvu" })).rejects.toThrow("fits no item");
});

test("VideoMMMU: the knowledge gained over a run without the lectures", async () => {
  const { runs } = recorded("videommmu");
  const adaptation = Object.entries(runs.sentence!).filter(([id]) => id.startsWith("Adaptation/"));
  const rows = (right: number) =>
    adaptation.map(([id, output], i) => ({ id, output: i < right ? output : "Perhaps." }));
  const settings = {
    outputs: [lines("with.jsonl", rows(9))],
    baseline: [lines("without.jsonl", rows(6))],
    benchmark: "video-mmmu",
    data: { folder: join(folder, "videommmu"), allowOtherCounts: true },
    scorers: ["safe"],
  };
  const [n, gain] = [adaptation.length, (9 - 6) / (adaptation.length - 6)];
  const { result, text } = await score(settings);
  expect(result.gains!.safe).toBeCloseTo(100 * gain, 9);
  expect(text).toContain(`Knowledge gained over ${n} items of Adaptation: safe ${(100 * gain).toFixed(1)} %.`);
  const other = { ...settings, baseline: [lines("other.jsonl", [{ id: "x", output: "A" }])] };
  await expect(score(other)).rejects.toThrow("answers no question that the outputs answer");
});

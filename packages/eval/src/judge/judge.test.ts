import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { goldenJson } from "../../test/golden.ts";
import { goldenItems } from "../../test/recorded-scores.ts";
import { readSafe } from "../scorers/safe/read-safe.ts";
import { openJudgeCache } from "./judge-cache.ts";
import { judgeQuestion } from "./judge-question.ts";
import { judgeReadings } from "./judge-readings.ts";
import { mmvuQuestion, readMmvuReply } from "./mmvu-question.ts";
import { readCaptionRating, readVerdict } from "./tempcompass-replies.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "judge-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const none = () => undefined;

describe("MMVU", () => {
  const { mmvu: recorded } = (
    goldenJson("prompts.json") as { prompts: Record<string, { variant: string; item: string; prompt: string[] }[]> }
  ).prompts;
  const cases = recorded!.filter(({ variant }) => variant.includes("judge messages for the output C"));

  test("both types have recorded messages", () => expect(cases).toHaveLength(2));

  test.each(cases)("$variant, word for word", ({ item, prompt }) => {
    const { messages } = mmvuQuestion(goldenItems("mmvu").get(item)!, "C");
    expect(messages.map(({ content }) => content)).toEqual(prompt);
  });

  test.each([
    ['{"extracted_answer": "C", "correct": true}', { score: 1, extracted: "C" }],
    [
      '```json\n{\n  "extracted_answer": "a \\"lens\\"",\n  "correct": False\n}\n```',
      { score: 0, extracted: 'a "lens"' },
    ],
    ['{"correct": true}', { score: 1, extracted: null }],
    ["It is correct.", undefined],
    ["", undefined],
  ])("%j", (reply, verdict) => expect(readMmvuReply(reply)).toEqual(verdict));
});

describe("replies to TempCompass as its code, lmms-eval and VLMEvalKit read them", () => {
  const { captioning, otherTasks } = goldenJson("judge-replies.json") as Record<
    "captioning" | "otherTasks",
    Record<"reply" | "official" | "lmms-eval" | "vlmevalkit", string>[]
  >;

  test.each(captioning)("caption: $reply", ({ reply, ...recorded }) => {
    const { rating } = readCaptionRating(reply, "B. a green kettle");
    expect({ official: rating, "lmms-eval": rating, vlmevalkit: rating }).toEqual(recorded);
  });

  test.each(otherTasks)("verdict: $reply", ({ reply, ...recorded }) => {
    const verdict = readVerdict(reply);
    const asserted = verdict ?? "error:AssertionError";
    expect({ official: asserted, "lmms-eval": asserted, vlmevalkit: verdict ?? 0 }).toEqual(recorded);
  });
});

describe("what a judge is asked", () => {
  test("a caption's judge answers the video's multi-choice question on the same aspect", () => {
    const items = goldenItems("tempcompass");
    const caption = items.get("captioning/kt01/speed/0")!;
    const question = judgeQuestion(caption, "<think>hm</think>A hand moves.</s>", (id) => items.get(id))!;
    expect(question.messages[1]!.content).toContain(
      "Video Description: A hand moves.\nMulti-Choice Question:\nItem 0 of speed",
    );
    expect(question.read("Reasoning: so.\nAnswer: C. a white kettle")).toEqual({
      score: 1,
      extracted: "C. a white kettle",
    });
    expect(question.read("")).toBeUndefined();
    expect(judgeQuestion(caption, "A hand moves.", none)).toBeUndefined();
  });

  test("MathVista's extracts, and nothing extracted is no nearest option", () => {
    const [item] = goldenItems("mathvista").values();
    const question = judgeQuestion(item!, "<think>2</think>The green one.", none)!;
    expect(question.messages[1]!.content).toContain("D. a yellow kettle\n\nResponse: The green one.\n");
    expect(question.read(" (C) ")).toEqual({ score: 1, extracted: "(C)" });
    expect(question.read("")).toEqual({ score: 0, extracted: null });
  });

  test("benchmarks that need none have none", () => {
    expect(judgeQuestion([...goldenItems("pope").values()][0]!, "perhaps", none)).toBeUndefined();
  });
});

describe("judging", () => {
  const items = [...goldenItems("mmvu").values()]
    .filter(({ answerType, gold }) => answerType === "text" && /[a-z]{2}/.test(gold))
    .slice(0, 6);
  const outputs = items.map(({ gold }, i) => (i < 4 ? `Something like ${gold}, I think` : gold));
  const readings = items.map((item, i) => readSafe(item, outputs[i]!));
  const judge = vi.fn(async (messages: readonly { content: string }[]) => {
    if (messages[1]!.content.includes(items[2]!.question)) throw new Error("busy");
    if (messages[1]!.content.includes(items[3]!.question)) return "Well.";
    return `{"extracted_answer": "x", "correct": ${messages[1]!.content.includes(items[1]!.question) ? "false" : "true"}}`;
  });

  test("judges what rules cannot, keeps replies, says where it disagrees, scores no failure", async () => {
    expect(readings.map(({ status }) => status)).toEqual([...Array(4).fill("unjudged"), undefined, undefined]);
    const path = join(folder, "replies.jsonl");
    const cache = openJudgeCache(path);
    const first = await judgeReadings({ items, outputs, readings, judge, model: "m", cache, checks: 9 });
    cache.close();
    expect(first.readings.map(({ score }) => score)).toEqual([1, 0, 0, 0, 1, 1]);
    expect(first.readings[0]).toEqual({ score: 1, extracted: "x", rule: "judge, mmvu-1" });
    expect(first.readings[2]!.status).toBe("unjudged");
    expect(first).toMatchObject({ model: "m", prompts: ["mmvu-1"], asked: 6, cached: 0 });
    expect(first.failed).toEqual([
      { id: items[2]!.id, reason: "Error: busy" },
      { id: items[3]!.id, reason: expect.stringContaining('no verdict in the judge\'s reply "Well."') },
    ]);
    expect(first.agreement).toEqual({ n: 2, agreed: 2, differ: [] });

    appendFileSync(path, '{"model": "m", "prom'); // killed here
    const again = openJudgeCache(path);
    const second = await judgeReadings({ items, outputs, readings, judge, model: "m", cache: again, checks: 1 });
    again.close();
    expect(second).toMatchObject({ asked: 2, cached: 3 });
    expect(second.readings).toEqual(first.readings);
    const other = openJudgeCache(path);
    expect(await judgeReadings({ items, outputs, readings, judge, model: "n", cache: other })).toMatchObject({
      asked: 4,
    });
    other.close();
  });

  test("a judge that contradicts a rule is reported, and the rule stays", async () => {
    const no = async () => '{"extracted_answer": "x", "correct": false}';
    const { agreement, readings: judged } = await judgeReadings({
      items,
      outputs,
      readings,
      judge: no,
      model: "m",
      checks: 1,
    });
    expect(agreement).toEqual({ n: 1, agreed: 0, differ: [{ id: items[4]!.id, rules: 1, judge: 0 }] });
    expect(judged[4]!.score).toBe(1);
  });
});

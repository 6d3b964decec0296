import { describe, expect, test } from "vitest";
import golden from "../test/golden/prompts.json" with { type: "json" };
import { assistantText, type Message, messages, type Stage, userText } from "./prompt.ts";
import { parseRecord } from "./schema.ts";

/** The part of Qwen2.5-VL's chat template that these conversations use. */
function render(turns: readonly Message[], addGenerationPrompt: boolean): string {
  const pads = {
    image: "<|vision_start|><|image_pad|><|vision_end|>",
    video: "<|vision_start|><|video_pad|><|vision_end|>",
  };
  const system = turns[0]?.role === "system" ? "" : "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n";
  const body = turns.map(({ role, content }) => {
    const parts = content.map((item) => (item.type === "text" ? item.text : pads[item.type]));
    return `<|im_start|>${role}\n${parts.join("")}<|im_end|>\n`;
  });
  return system + body.join("") + (addGenerationPrompt ? "<|im_start|>assistant\n" : "");
}

describe(`prompts as ${golden.source.repo}@${golden.source.commit}`, () => {
  test.each(golden.cases.map((row, index) => ({ ...row, name: `${index} ${row.stage} ${row.record.problem_type}` })))(
    "$name",
    (row) => {
      const example = parseRecord(row.record, { file: "prompts.json", index: 0 });
      const stage = row.stage as Stage;
      expect(userText(example, { stage })).toBe(row.user_text);
      if (row.assistant_text !== undefined) expect(assistantText(example)).toBe(row.assistant_text);
      expect(render(messages(example, { stage }), stage !== "sft")).toBe(row.rendered);
    },
  );

  test("all 24 cases are there", () => expect(golden.cases).toHaveLength(24));
});

describe("options", () => {
  const example = parseRecord(golden.cases[0]!.record, { file: "prompts.json", index: 0 });

  test("paper: the full stop of figure 11, and `and` between the tags, in every stage", () => {
    const code = userText(example, { stage: "eval" });
    const paper = code.replace("thought expressions It's", "thought expressions. It's");
    expect(paper).not.toBe(code);
    for (const stage of ["rl", "sft", "eval", "cot"] as const) {
      expect(userText(example, { stage, template: "paper" })).toBe(paper);
    }
  });

  test("question: question and options only", () => {
    expect(
      userText({ ...example, problem: "Which?", options: ["A. x", "B. y"] }, { stage: "rl", template: "question" }),
    ).toBe("Which?Options:\nA. x\nB. y\n");
  });

  test("no system turn, also in stage sft", () => {
    for (const stage of ["rl", "sft"] as const)
      expect(messages(example, { stage, system: null })[0]?.role).toBe("user");
  });

  test("a system text of one's own adds or replaces the system turn", () => {
    for (const stage of ["rl", "sft"] as const) {
      expect(messages(example, { stage, system: "Be brief." })[0]).toEqual({
        role: "system",
        content: [{ type: "text", text: "Be brief." }],
      });
    }
  });
});

describe("several media", () => {
  const record = {
    problem_id: 1,
    problem: "Same?",
    problem_type: "multiple choice",
    options: ["A. yes", "B. <image>"],
    solution: "<answer>A</answer>",
    images: ["a.png", "b.png"],
    videos: ["v.mp4"],
  };
  const contentOf = (change: object) => {
    const example = parseRecord({ ...record, ...change }, { file: "test", index: 0 });
    return messages(example, { stage: "rl", template: "question" })[0]!.content.map((item) =>
      item.type === "text" ? item.text : `[${item.type}]`,
    );
  };
  const options = "Options:\nA. yes\nB. <image>\n";

  test("without tags all of them come first", () => {
    expect(contentOf({})).toEqual(["[image]", "[image]", "[video]", `Same?${options}`]);
  });

  test("with tags each comes in its place; those in the options are text", () => {
    expect(contentOf({ problem: "<image>then <video><image>" })).toEqual([
      "[image]",
      "then ",
      "[video]",
      "[image]",
      options,
    ]);
  });

  test("of a record with a path, tags are text", () => {
    const change = { problem: "<video>?", images: null, videos: null, data_type: "video", path: "v.mp4" };
    expect(contentOf(change)).toEqual(["[video]", `<video>?${options}`]);
  });
});

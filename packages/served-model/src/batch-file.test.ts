import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { recorded } from "../test/recorded.ts";
import { type BatchAnswer, batchLine, readBatchOutput } from "./batch-file.ts";

const folder = mkdtempSync(join(tmpdir(), "batch-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function outputs(...lines: (object | string)[]) {
  const path = join(folder, `${Math.random()}.jsonl`);
  writeFileSync(path, lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
  const read: BatchAnswer[] = [];
  for await (const answer of readBatchOutput(path)) read.push(answer);
  return read;
}
const answered = (custom_id: string, body: unknown, status_code = 200) => ({
  id: "vllm-1",
  custom_id,
  response: { status_code, request_id: "batch-1", body },
  error: null,
});
const body = (content: string) => ({ choices: [{ index: 0, message: { content }, finish_reason: "stop" }] });

test("a request is a line", () => {
  const request = { model: "tiny", messages: [{ role: "user", content: "line\nbreak" }], n: 1 };
  const line = batchLine("item/1", request);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    custom_id: "item/1",
    method: "POST",
    url: "/v1/chat/completions",
    body: request,
  });
  expect(() => batchLine("item/1", { messages: [] })).toThrow("Request item/1 of a batch names no model");
});

describe("the output of a batch", () => {
  test("has the completions of a real vLLM", async () => {
    const one = recorded("chat-video").response.body;
    const eight = recorded("chat-video-n8").response.body;
    const [first, second] = await outputs(answered("b", eight), answered("a", one));
    expect(first).toMatchObject({ customId: "b", line: 1 });
    expect(first!.result).toMatchObject({
      choices: eight.choices.map((choice: { token_ids: number[] }) => ({ tokenIds: choice.token_ids })),
    });
    expect(second).toMatchObject({ customId: "a", line: 2, result: { promptTokenIds: one.prompt_token_ids } });
  });

  test("is what `vllm run-batch` of a real vLLM left", async () => {
    const lines = readFileSync(join(import.meta.dirname, "../test/golden/run-batch.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    const [answer, ...failures] = await outputs(...lines);
    const { choices, prompt_token_ids } = recorded("chat-text").response.body;
    expect(answer).toMatchObject({
      customId: "chat-text",
      result: { choices: [{ tokenIds: choices[0].token_ids }], promptTokenIds: prompt_token_ids },
    });
    expect(failures.map(({ customId, result }) => [customId, (result as Error).message.replace(/^.*?, /, "")])).toEqual(
      [
        [
          "too-long",
          expect.stringMatching(/^line 2: the server refuses the request \(400\): This model's maximum context/),
        ],
        [
          "no-model",
          "line 3: the server refuses the request (404): The model `tinyx` does not exist. Valid aliases: tiny.",
        ],
      ],
    );
  });

  test("has failures in their places", async () => {
    const results = await outputs(
      answered("refused", recorded("error-too-long").response.body, 400),
      { id: "1", custom_id: "failed", response: null, error: { message: "engine dead" } },
      {
        id: "2",
        custom_id: "expired",
        response: { status_code: 0, request_id: "", body: null },
        error: { code: "batch_expired", message: "too late" },
      },
      answered("broken", { choices: [] }),
      answered("page", "<html>Bad gateway</html>", 502),
      "",
      { custom_id: "well", response: { status_code: 200, body: body("B") } },
    );
    expect(
      results.map(({ customId, result }) => [customId, "code" in result ? result.code : result.choices[0]!.text]),
    ).toEqual([
      ["refused", "REQUEST_REFUSED"],
      ["failed", "SERVER_FAILED"],
      ["expired", "SERVER_FAILED"],
      ["broken", "REPLY_BROKEN"],
      ["page", "SERVER_FAILED"],
      ["well", "B"],
    ]);
    expect(results[1]!.result).toMatchObject({
      message: expect.stringMatching(/, line 2: the server failed .*: engine dead$/),
    });
    expect(results[2]!.result).toMatchObject({ message: expect.stringMatching(/: too late$/) });
  });

  test.each([
    ["half a line", ['{"custom_id": "a", "resp'], "line 1: is no JSON"],
    ["a line of another file", [{ problem_id: 1 }], "line 1: is no output of a batch (custom_id: "],
    ["an id twice", [answered("a", body("B")), answered("a", body("C"))], "line 2: custom_id a comes twice"],
  ])("with %s is refused", async (_, lines, message) => {
    await expect(outputs(...lines)).rejects.toMatchObject({
      code: "REPLY_BROKEN",
      message: expect.stringContaining(message),
    });
  });
});

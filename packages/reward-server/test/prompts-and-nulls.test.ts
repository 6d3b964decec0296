// What trainers send beside the completion: prompts that open the thinking, and nulls where a key is missing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewardServer, serve } from "../src/serve.ts";
import { post } from "./client.ts";

let server: RewardServer;
beforeAll(async () => {
  server = await serve({ port: 0 });
});
afterAll(() => server.stop());

const right = { completion: "<think>Two, then one.</think><answer>3</answer>", solution: "<answer>3</answer>" };

describe("POST /get_reward where the prompt opens the thinking", () => {
  const prompt = "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n<think>\n";
  const url = (): string => `${server.url}/get_reward?problem_type=multiple+choice`;
  const ask = (text: string, given = prompt, query = prompt) =>
    post(url(), { query: [query + text], prompts: [given], labels: ["B"] });

  test.each(["safe", "video-r1"])("%s: the query as a whole is one thinking and one answer", async (rules) => {
    const body = { query: [`${prompt}t\n</think>\n<answer>B</answer><|im_end|>`], prompts: [prompt], labels: ["B"] };
    expect((await post(`${url()}&rules=${rules}`, body)).body).toMatchObject({ rewards: [2], scores: [1] });
  });

  test("thinking that is cut off holds no answer", async () => {
    expect((await ask("perhaps <answer>B</answer> but wait, let me check the")).body).toMatchObject({ rewards: [0] });
  });

  test("also where image tokens were expanded", async () => {
    const expanded = prompt.replace("user\n", "user\n<|image_pad|><|image_pad|>");
    expect((await ask("t</think><answer>B</answer>", prompt, expanded)).body).toMatchObject({ rewards: [2] });
  });

  test("slime's prompt is read too, text or messages", async () => {
    const sample = { response: "t</think><answer>B</answer><|im_end|>", label: "B" };
    const slimeUrl = `${server.url}/slime?problem_type=multiple+choice`;
    const messages = [
      { role: "user", content: "q" },
      { role: "assistant", content: "<think>\n" },
    ];
    expect((await post(slimeUrl, { ...sample, prompt })).body).toBe(2);
    expect((await post(slimeUrl, { ...sample, prompt: messages })).body).toBe(2);
    expect((await post(slimeUrl, { ...sample, prompt: messages.slice(0, 1) })).body).toBe(1);
  });
});

describe("nulls, as Parquet fills missing keys", () => {
  const nullType = { solution: "3", problem_type: null };
  const query = [right.completion, right.completion, right.completion];
  const body = { query, prompts: ["", "", ""], labels: [nullType, JSON.stringify(nullType), "3"] };

  test("a null type is none, so the URL's holds", async () => {
    const { body: answer } = await post(`${server.url}/get_reward?problem_type=numerical`, body);
    expect(answer).toMatchObject({ rewards: [2, 2, 2] });
  });

  test("null rules, ids and types of items are none", async () => {
    const item = { ...right, id: null, thinkingOpened: null, problemType: "numerical" };
    expect((await post(`${server.url}/v1/score`, { items: [item], rules: null })).body).toMatchObject({
      rules: "safe",
      results: [{ reward: 2 }],
    });
  });

  test("a null label fails its sample alone: OpenRLHF would retry a refusal and then train without a reward", async () => {
    const url = `${server.url}/get_reward?problem_type=numerical`;
    const { body: answer } = await post(url, { ...body, labels: ["3", null, "3"] });
    expect(answer).toMatchObject({ rewards: [2, 0, 2], extra_logs: { failed: [0, 1, 0], format: [1, 0, 1] } });
  });

  test("or is refused, by option", async () => {
    const strict = await serve({ port: 0, onUnscorable: "refuse" });
    const answer = await post(`${strict.url}/get_reward?problem_type=numerical`, { ...body, labels: ["3", null, "3"] });
    expect(answer).toMatchObject({ status: 422, body: { error: { path: "labels[1]" } } });
    await strict.stop();
  });
});

import { problemTypes, scoreBatch } from "@videor1/rewards";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { item, post } from "../test/client.ts";
import { type RewardServer, serve } from "./serve.ts";

let server: RewardServer;
beforeAll(async () => {
  server = await serve({ port: 0 });
});
afterAll(() => server.stop());

const right = { completion: "<think>Two, then one.</think><answer>3</answer>", solution: "<answer>3</answer>" };

describe("POST /v1/score", () => {
  test("gives for each item what scoreBatch gives, with id, reward and times", async () => {
    const items = problemTypes.map((problemType, id) => ({ id, ...right, problemType }));
    const { status, body, headers } = await post(`${server.url}/v1/score`, { items });
    const { results, failed } = scoreBatch(items);
    expect(status).toBe(200);
    expect(body).toEqual({
      rules: "safe",
      results: results.map((score, id) => ({
        id,
        reward: score.accuracy + score.format,
        ...score,
        milliseconds: { accuracy: expect.any(Number), format: expect.any(Number) },
      })),
      failed,
      milliseconds: { receive: expect.any(Number), parse: expect.any(Number), score: expect.any(Number) },
    });
    expect(headers.get("server-timing")).toMatch(/^receive;dur=[\d.]+, parse;dur=[\d.]+, score;dur=[\d.]+$/);
  });

  test("takes the rules from the request", async () => {
    const items = [{ completion: "<answer>nan</answer>", solution: "<answer>3</answer>", problemType: "regression" }];
    const accuracy = async (rules: string): Promise<unknown> =>
      ((await post(`${server.url}/v1/score`, { items, rules })).body as { results: { accuracy: number }[] }).results[0]!
        .accuracy;
    expect(await accuracy("video-r1")).toBe(1);
    expect(await accuracy("safe")).toBe(0);
  });

  test("an item that cannot be scored is counted and leaves the others alone", async () => {
    const items = [item("a"), { ...right, problemType: "riddle" }, item("b", false)];
    const { status, body } = await post(`${server.url}/v1/score`, { items });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      failed: 1,
      results: [
        { id: "a", accuracy: 1, rule: "exact-match" },
        { accuracy: 0, rule: null },
        { id: "b", accuracy: 0, rule: "exact-match" },
      ],
    });
  });

  test("reads expressions where the server is told to", async () => {
    const items = [{ completion: "<answer>1/4</answer>", solution: "<answer>0.25</answer>", problemType: "numerical" }];
    const other = await serve({ port: 0, expressions: true });
    expect((await post(`${other.url}/v1/score`, { items })).body).toMatchObject({ results: [{ accuracy: 1 }] });
    expect((await post(`${server.url}/v1/score`, { items })).body).toMatchObject({ results: [{ accuracy: 0 }] });
    const original = { items, rules: "video-r1" };
    expect((await post(`${other.url}/v1/score`, original)).body).toMatchObject({ results: [{ accuracy: 0 }] });
    await other.stop();
  });

  test("an empty batch is a batch", async () => {
    expect(await post(`${server.url}/v1/score`, { items: [] })).toMatchObject({ status: 200, body: { results: [] } });
  });

  test("keeps text as it is: other scripts, lone surrogates, null characters, a byte order mark in front", async () => {
    const text = "π 你好 🎬 \u0000 ";
    const lone = '"<answer>x\\ud800</answer>"';
    const items = `[{"completion":${JSON.stringify(`<answer>${text}</answer>`)},"solution":"","problemType":"OCR"},{"completion":${lone},"solution":${lone},"problemType":"multiple choice"}]`;
    const { body } = await post(`${server.url}/v1/score`, `\uFEFF{"items":${items}}`);
    expect(body).toMatchObject({ results: [{ answer: text.trim() }, { answer: "x\ud800", accuracy: 1 }] });
  });
});

describe("POST /get_reward, as OpenRLHF calls it", () => {
  const prompt = "<|im_start|>user\nHow many?<|im_end|>\n<|im_start|>assistant\n";
  const request = {
    query: [`${prompt}${right.completion}<|im_end|>\n`, `${prompt}<answer>4</answer><|im_end|>`],
    prompts: [prompt, prompt],
    labels: [
      { solution: "<answer>3</answer>", problem_type: "numerical" },
      JSON.stringify({ solution: "4", problem_type: "numerical" }),
    ],
  };

  test("answers with lists in the order of the query", async () => {
    const { status, body } = await post(`${server.url}/get_reward`, request);
    expect(status).toBe(200);
    expect(body).toEqual({
      rewards: [2, 1],
      scores: [1, 1],
      extra_logs: {
        accuracy: [1, 1],
        format: [1, 0],
        failed: [0, 0],
        accuracy_milliseconds: [expect.any(Number), expect.any(Number)],
        format_milliseconds: [expect.any(Number), expect.any(Number)],
      },
      failed: 0,
    });
  });

  test("takes type and rules from the URL where labels are bare solutions", async () => {
    const url = `${server.url}/get_reward?problem_type=regression&rules=video-r1`;
    const one = { query: ["Q: <answer>nan</answer>"], prompts: ["Q: "], labels: ["7"] };
    expect((await post(url, one)).body).toMatchObject({ scores: [1] }); // the hole of the original
    expect((await post(url.replace("video-r1", "safe"), one)).body).toMatchObject({ scores: [0] });
  });
});

test("a token that no Authorization header can carry is refused at the start", async () => {
  await expect(serve({ port: 0 }, { token: "p@ss w" })).rejects.toMatchObject({ code: "token-unusable" });
});

describe("POST /slime, as slime calls it", () => {
  const sample = {
    prompt: [{ role: "user", content: "How many?" }],
    response: `${right.completion}<|im_end|>`,
    label: '{"solution": "3", "problem_type": "numerical"}',
  };

  test("answers with a number", async () => {
    expect(await post(`${server.url}/slime`, sample)).toMatchObject({ status: 200, body: 2 });
  });

  test("or with everything, for --reward-key", async () => {
    expect((await post(`${server.url}/slime/details`, sample)).body).toMatchObject({
      reward: 2,
      accuracy: 1,
      format: 1,
      note: null,
      milliseconds: { accuracy: expect.any(Number) },
    });
  });

  test("uses the server's problem type where neither label nor URL name one", async () => {
    const other = await serve({ port: 0, problemType: "numerical", formatWeight: 0 });
    expect((await post(`${other.url}/slime`, { ...sample, label: "3" })).body).toBe(1);
    await other.stop();
  });
});

test("listens on IPv6", async () => {
  const other = await serve({ port: 0, host: "::1" });
  expect(other.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
  await other.stop();
});

test("GET /healthz says that it runs, and with which rules", async () => {
  const response = await fetch(`${server.url}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok", rules: "safe", inFlight: 0 });
  expect((await fetch(`${server.url}/healthz`, { method: "HEAD" })).status).toBe(200);
});

test("GET /metrics counts requests, items, failures and sums of rewards, in Prometheus' text format", async () => {
  const fresh = await serve({ port: 0 });
  const items = [item(1), item(2, false), { ...right, problemType: "riddle" }];
  await post(`${fresh.url}/v1/score`, { items });
  await post(`${fresh.url}/v1/score`, "{");
  const response = await fetch(`${fresh.url}/metrics`);
  const text = await response.text();
  await fresh.stop();
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  for (const line of [
    'videor1_rewards_requests_total{path="/v1/score",status="200"} 1',
    'videor1_rewards_requests_total{path="/v1/score",status="400"} 1',
    "videor1_rewards_request_seconds_count 2",
    'videor1_rewards_items_total{problem_type="multiple choice"} 2',
    'videor1_rewards_items_failed_total{problem_type="other"} 1',
    'videor1_rewards_accuracy_total{problem_type="multiple choice"} 1',
    'videor1_rewards_format_total{problem_type="multiple choice"} 2',
    "videor1_rewards_item_seconds_count 3",
    "videor1_rewards_requests_in_flight 0",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/,
    );
  }
});

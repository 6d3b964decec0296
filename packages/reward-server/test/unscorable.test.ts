// An item that cannot be scored: the others of its request are, and it is counted; or null, or a refusal, by option.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type UnscorableAction, unscorableActions } from "../src/options.ts";
import { type RewardServer, serve } from "../src/serve.ts";
import { post } from "./client.ts";

const logged: string[] = [];
let server: RewardServer;
beforeAll(async () => {
  server = await serve({ port: 0, maxItemWork: 1e8 }, { log: (line) => logged.push(line) });
});
afterAll(() => server.stop());

const completion = "<think>Two, then one.</think><answer>3</answer>";
const good = { solution: "3", problem_type: "numerical" };
const long = "word ".repeat(5000);

const labels: readonly [reason: string, label: unknown, note: string][] = [
  ["null", null, "is null, so there is nothing to compare"],
  ["an unknown type", { ...good, problem_type: "riddle" }, 'problemType "riddle" is none of'],
  ["a type in another case", { ...good, problem_type: "Numerical" }, 'problemType "Numerical" is none of'],
  ["an empty type", { ...good, problem_type: "" }, 'problemType "" is none of'],
  ["no type", { solution: "3" }, "nothing names a problem type"],
  ["a type of null", { solution: "3", problem_type: null }, "nothing names a problem type"],
  ["a null solution", { ...good, solution: null }, "solution: "],
  ["JSON text without a type", '{"solution": "3"}', "nothing names a problem type"],
  ["JSON text of an unknown type", '{"solution": "3", "problem_type": "count"}', '"count" is none of'],
  ["a number", 3, "expected object, received number"],
  ["true", true, "expected object, received boolean"],
  ["a list", ["3"], "expected object, received array"],
  ["an empty object", {}, "solution: "],
  ["another key", { ...good, answer: "3" }, "answer"],
  ["a type that is a number", { ...good, problem_type: 1 }, "problem_type: "],
  ["options that are text", { ...good, options: "A. red" }, "options: "],
  ["too long a truth", { solution: long, problem_type: "OCR" }, "beyond maxItemWork"],
];

const ask = (label: unknown, query = "") => {
  const text = label === labels.at(-1)![1] ? `<answer>${long}</answer>` : completion;
  const asked = { query: [completion, text, completion], prompts: ["", "", ""], labels: [good, label, good] };
  return post(`${server.url}/get_reward${query}`, asked);
};

describe.each(labels)("OpenRLHF's label: %s", (_reason, label, note) => {
  test("costs its sample alone, which earns nothing and is counted", async () => {
    const { status, body } = await ask(label);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rewards: [2, 0, 2],
      scores: [1, 0, 1],
      extra_logs: { accuracy: [1, 0, 1], format: [1, 0, 1], failed: [0, 1, 0] },
      failed: 1,
    });
  });

  test("or has no reward at all", async () => {
    const { body } = await ask(label, "?onUnscorable=null");
    expect(body).toMatchObject({
      rewards: [2, null, 2],
      scores: [1, null, 1],
      extra_logs: { failed: [0, 1, 0] },
      failed: 1,
    });
  });

  test("or refuses the request, with its place and the reason", async () => {
    const { status, body } = await ask(label, "?onUnscorable=refuse");
    expect([status, body]).toMatchObject([422, { error: { code: "unscorable", path: "labels[1]", failed: 1 } }]);
    expect((body as { error: { message: string } }).error.message).toContain(note);
  });

  test("slime's reward is 0 or null", async () => {
    const response = label === labels.at(-1)![1] ? `<answer>${long}</answer>` : completion;
    const sample = { prompt: "", response, label };
    expect((await post(`${server.url}/slime`, sample)).body).toBe(0);
    expect((await post(`${server.url}/slime?onUnscorable=null`, sample)).body).toBeNull();
    expect((await post(`${server.url}/slime/details`, sample)).body).toMatchObject({ reward: 0, rule: null });
    expect((await post(`${server.url}/slime?onUnscorable=refuse`, sample)).body).toMatchObject({
      error: { code: "unscorable", path: "label" },
    });
  });
});

test("under video-r1 an unknown type keeps the format reward, as in the original", async () => {
  const { body } = await ask({ ...good, problem_type: "riddle" }, "?rules=video-r1");
  expect(body).toMatchObject({ rewards: [2, 1, 2], scores: [1, 0, 1], failed: 1 });
});

test("a query that lacks its prompt is one of them", async () => {
  const asked = { query: ["Qa", "b"], prompts: ["Q", "Q"], labels: [good, good] };
  expect((await post(`${server.url}/get_reward`, asked)).body).toMatchObject({ rewards: [0, 0], failed: 1 });
  expect((await post(`${server.url}/get_reward?onUnscorable=refuse`, asked)).body).toMatchObject({
    error: { code: "unscorable", path: "query[1]" },
  });
});

test.each([
  ["no type", { problemType: null }, "problemType"],
  ["an unknown type", { problemType: "riddle" }, "problemType"],
  ["a null solution", { solution: null }, "solution"],
])("/v1/score, %s", async (_reason, change, key) => {
  const item = { completion, solution: "3", problemType: "numerical" };
  const items = [item, { ...item, ...change }];
  const answers = await Promise.all(
    unscorableActions.map((onUnscorable) => post(`${server.url}/v1/score`, { items, onUnscorable })),
  );
  expect(answers.map(({ body }) => body)).toMatchObject([
    { failed: 1, results: [{ reward: 2 }, { reward: 0, accuracy: 0, rule: null }] },
    { failed: 1, results: [{ reward: 2 }, { reward: null, accuracy: null, rule: null }] },
    { error: { code: "unscorable", path: `items[1].${key}` } },
  ]);
});

test.each<UnscorableAction>(["fail", "null", "refuse"])("serve --on-unscorable %s", async (onUnscorable) => {
  const other = await serve({ port: 0, onUnscorable });
  const { status, body } = await post(`${other.url}/get_reward`, { query: [""], prompts: [""], labels: [null] });
  expect([status, (body as { rewards?: unknown }).rewards]).toEqual(
    { fail: [200, [0]], null: [200, [null]], refuse: [422, undefined] }[onUnscorable],
  );
  await other.stop();
});

test("the log says why, of the first twenty", () => {
  const told = logged.filter((line) => line.startsWith("not scored: "));
  expect(told).toHaveLength(20);
  expect(told[0]).toBe("not scored: labels[1]: is null, so there is nothing to compare");
  expect(told.at(-1)).toContain("videor1_rewards_items_failed_total");
});

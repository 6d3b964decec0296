import { describe, expect, test } from "vitest";
import { clientOf, prompt, prompts, start, textsOf, total } from "../test/doubles.ts";
import { createServedModel } from "./served-model.ts";

describe("dead servers", () => {
  test("are left out, and others answer", async () => {
    const [dead, living] = [await start(), await start()];
    await dead.stop();
    const client = clientOf([dead, living]);
    const answers = await Promise.all(prompts.slice(0, 20).map((request) => client.complete(request)));
    expect(new Set(answers.map(({ server }) => server))).toEqual(new Set([living.url]));
    expect(living.counts).toEqual({ answered: 20 });
  });

  test("are asked again once they are back", async () => {
    const first = await start();
    const client = createServedModel({ urls: [first.url], model: "double", waitSeconds: 60 });
    await client.complete(prompt("Before?"));
    await first.stop();
    const asked = client.complete(prompt("After?"));
    const second = await start({ port: Number(new URL(first.url).port) });
    expect((await asked).text).toMatch(/^Answer 0 to /);
    expect(total(second)).toBe(1);
  });

  test("that are all there is end every request with one clear error", async () => {
    const [first, second] = [await start(), await start()];
    await Promise.all([first.stop(), second.stop()]);
    const client = clientOf([first, second], { waitSeconds: 5 });
    const ends = await Promise.allSettled(prompts.map((request) => client.complete(request)));
    const down = ends.filter((end) => end.status === "rejected" && end.reason.code === "SERVERS_DOWN");
    expect(down).toHaveLength(200);
    expect((down[0] as PromiseRejectedResult).reason.message).toMatch(
      /^No server has answered for \d+ s: http:\S+: the connection failed \(ECONNREFUSED\); http:\S+: the connection failed/,
    );
  });
});

test("equal servers share the work", async () => {
  const doubles = [await start({ delay: 5 }), await start({ delay: 5 })];
  await textsOf(doubles, { concurrency: 8 });
  for (const double of doubles) {
    expect(total(double)).toBeGreaterThan(50);
    expect(double.inFlight.most).toBeLessThanOrEqual(4);
  }
});

test("requests are made when it is their turn, no earlier", async () => {
  const double = await start({ delay: 5 });
  const client = clientOf([double], { concurrency: 3 });
  let held = 0;
  let most = 0;
  await Promise.all(
    prompts.slice(0, 30).map(async (request) => {
      await client.complete(async () => {
        held += 1;
        most = Math.max(most, held);
        return request;
      });
      held -= 1;
    }),
  );
  expect(most).toBeLessThanOrEqual(3 + 1); // the next is made before the caller hears of the last answer
});

describe("an interrupted request", () => {
  test("ends with the signal's reason, and its connection is closed", async () => {
    const double = await start({ misbehave: { kinds: ["hang"], share: 1, times: 1 } });
    const controller = new AbortController();
    const asked = clientOf([double]).complete(prompt("Why?"), controller.signal);
    await expect.poll(() => double.inFlight.now).toBe(1);
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    await expect.poll(() => double.inFlight.now).toBe(0);
  });

  test("leaves its place in the queue to the next", async () => {
    const double = await start({ delay: 20 });
    const client = clientOf([double], { concurrency: 1 });
    const controller = new AbortController();
    const first = client.complete(prompt("1?"));
    const second = client.complete(prompt("2?"), controller.signal);
    const third = client.complete(prompt("3?"));
    controller.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await Promise.all([first, third]);
    expect(double.counts).toEqual({ answered: 2 });
  });
});

describe("the key", () => {
  test("is sent, and never told", async () => {
    const double = await start({ apiKey: "sk-secret" });
    expect((await clientOf([double], { apiKey: "sk-secret" }).complete(prompt("Why?"))).finishReason).toBe("stop");
    const wrong = clientOf([double], { apiKey: "sk-wrong" }).complete(prompt("Why?"));
    const error = await wrong.catch((reason) => reason);
    expect(error).toMatchObject({ code: "REQUEST_REFUSED", status: 401 });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("sk-");
  });
});

test("several completions come in the order of their index", async () => {
  const double = await start({ answer: (_, index) => `number ${index}` });
  const client = clientOf([double]);
  const { choices, usage } = await client.completeAll(prompt("Which?", { n: 3 }));
  expect(choices.map(({ text }) => text)).toEqual(["number 0", "number 1", "number 2"]);
  expect(usage).toEqual({ promptTokens: 1, completionTokens: 6 });
  await expect(client.complete(prompt("Which?", { n: 3 }))).rejects.toThrow("asks for 3 completions");
  expect(total(double)).toBe(1);
});

test("tokens and their log-probabilities come if they are asked for, streamed or not", async () => {
  const double = await start({ answer: () => "a bc def" });
  const wanted = prompt("Which?", { return_token_ids: true, logprobs: true });
  for (const stream of [false, true]) {
    expect(await clientOf([double], { stream }).complete(wanted)).toEqual({
      text: "a bc def",
      tokenIds: [2, 3, 3],
      logprobs: [-1 / 3, -1 / 4, -1 / 4],
      finishReason: "stop",
      promptTokenIds: [expect.any(Number)],
      usage: { promptTokens: 1, completionTokens: 3 },
      model: "double",
      server: double.url,
    });
  }
});

test("sizes are bounded", async () => {
  const double = await start({ answer: () => "word ".repeat(1000) });
  const long = clientOf([double], { maxReplyBytes: 1000, maxTries: 1 }).complete(prompt("Why?"));
  await expect(long).rejects.toMatchObject({ code: "REPLY_BROKEN", message: expect.stringContaining("1000 bytes") });
  const large = clientOf([double], { maxRequestBytes: 1000 }).complete(prompt("w".repeat(1000)));
  await expect(large).rejects.toMatchObject({ code: "REQUEST_IMPOSSIBLE" });
});

test.each([
  [{ urls: [] }, "urls must be a whole number of at least 1, not 0"],
  [{ urls: ["http://a"], concurrency: 0 }, "concurrency must be"],
  [{ urls: ["http://a"], maxTries: 1.5 }, "maxTries must be"],
  [{ urls: ["ftp://a/v1"] }, "begins with http: or https:, not ftp:"],
  [{ urls: ["127.0.0.1:8000"] }, "must be a URL"],
  [{ urls: ["http://me:sk-secret@a/v1"] }, "(of a) holds no user and no password"],
  [{ urls: ["http://a/v1?key=sk-secret"] }, "(of a) ends with its path"],
])("%o is refused", (options, message) => {
  expect(() => createServedModel(options)).toThrow(message);
});

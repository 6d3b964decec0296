// Each wrong request gets the status that fits, and a body that says what is wrong, where, and what to do.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewardServer, serve } from "../src/serve.ts";
import { item, post, rawConnection } from "./client.ts";

const token = "a-secret-of-32-characters-or-so";
let server: RewardServer;
let guarded: RewardServer;
beforeAll(async () => {
  server = await serve({ port: 0, maxBodyBytes: 100_000, maxItems: 10 });
  guarded = await serve({ port: 0 }, { token });
});
afterAll(async () => {
  await Promise.all([server.stop(), guarded.stop()]);
});

const good = { items: [item(1)] };
const prompts = ["Q"];

describe("400 malformed-json", () => {
  test.each([
    ["", { position: 0 }, "an empty body"],
    ['{"items": [', { position: 11 }, "half a body"],
    ['{"items": [{"completion": NaN}]}', { position: 26 }, "NaN, as Python writes it"],
    ['{"items": []} x', { position: 14 }, "something behind"],
    ["{\n  'items': []}", { position: 4, line: 2, column: 3 }, "single quotes"],
  ])("%j", async (body, where, _why) => {
    const answer = await post(`${server.url}/v1/score`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "malformed-json", ...where } } });
  });

  test("not-utf8: Latin-1", async () => {
    const answer = await post(`${server.url}/v1/score`, Buffer.from('{"items": "\xe9"}', "latin1"));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "not-utf8" } } });
  });

  test("a hundred thousand brackets do not overflow a stack", async () => {
    expect(await post(`${server.url}/v1/score`, "[".repeat(99_999))).toMatchObject({ status: 400 });
    const deep = `${"[".repeat(49_000)}${"]".repeat(49_000)}`;
    expect(await post(`${server.url}/v1/score`, deep)).toMatchObject({ status: 422 });
  });
});

describe("422 wrong-shape", () => {
  test.each([
    ["/v1/score", null, "", "null"],
    ["/v1/score", [], "", "a list"],
    ["/v1/score", {}, "items", "no items"],
    ["/v1/score", { items: {} }, "items", "items that are no list"],
    ["/v1/score", { items: [item(1), 7] }, "items[1]", "an item that is a number"],
    ["/v1/score", { items: [{ ...item(1), completion: 3 }] }, "items[0].completion", "a number for a text"],
    ["/v1/score", { items: [{ ...item(1), solution: undefined }] }, "items[0].solution", "no solution"],
    ["/v1/score", { items: [{ ...item(1), completion: undefined }] }, "items[0].completion", "no completion"],
    ["/v1/score", { items: [{ ...item(1), problemType: undefined }] }, "items[0].problemType", "no type at all"],
    ["/v1/score", { items: [{ ...item(1), problem_type: "OCR" }] }, "items[0]", "an unknown key"],
    ["/v1/score", { items: [{ ...item(1), id: {} }] }, "items[0].id", "an id that is an object"],
    ["/v1/score", { items: [{ ...item(1), id: 2 ** 53 }] }, "items[0].id", "an id that JSON numbers lose"],
    ["/v1/score", { items: [{ ...item(1), id: -(2 ** 53) }] }, "items[0].id", "one below zero"],
    ["/v1/score", { items: [{ ...item(1), id: 0.5 }] }, "items[0].id", "a fraction, whose digits may be lost"],
    ["/v1/score", { items: [{ ...item(1), id: 1e300 }] }, "items[0].id", "a power of ten"],
    ["/v1/score", { items: [{ ...item(1), id: true }] }, "items[0].id", "an id that is no text or number"],
    ["/v1/score", { ...good, rules: "lenient" }, "rules", "unknown rules"],
    ["/v1/score?rules=safe", good, "", "a query where there is none"],
    ["/get_reward", { query: ["Qa"], prompts }, "labels", "OpenRLHF without labels"],
    ["/get_reward", { query: "Qa", prompts, labels: ["a"] }, "query", "OpenRLHF with a text for a list"],
    ["/get_reward", { query: ["Qa", "Qb"], prompts, labels: ["a"] }, "prompts", "OpenRLHF with lists of two lengths"],
    ["/get_reward", { query: ["Qa"], prompts, labels: ["a"] }, "labels[0]", "a label without a type"],
    [
      "/get_reward?problem_type=riddle",
      { query: [], prompts: [], labels: [] },
      "problem_type",
      "an unknown type in the URL",
    ],
    ["/slime", { prompt: "Q", response: 3, label: "a" }, "response", "slime with a number for a text"],
    ["/slime?onUnscorable=skip", { prompt: "Q", response: "a", label: "a" }, "onUnscorable", "an unknown action"],
  ])("%s %j at %j: %s", async (path, body, where, _why) => {
    const answer = await post(`${server.url}${path}`, body);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: "wrong-shape", path: where } } });
    const { error } = answer.body as { error: { message: string; hint: string } };
    expect(error.message.length).toBeGreaterThan(10);
    expect(error.hint.length).toBeGreaterThan(10);
  });

  test("ten thousand unknown keys do not come back", async () => {
    const keys = Array.from({ length: 10_000 }, (_, i) => `"k${i}":0`);
    const answer = await post(`${server.url}/v1/score`, `{${keys.join(",")}}`);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000);
  });

  test("keys of Object.prototype are neither items nor harm", async () => {
    const answer = await post(`${server.url}/v1/score`, '{"__proto__": {"items": []}, "constructor": 1}');
    expect(answer.status).toBe(422);
    expect(({} as { items?: unknown }).items).toBeUndefined();
  });
});

describe("413", () => {
  const huge = { items: [{ ...item(1), completion: "x".repeat(150_000) }] };

  test("too-large: a body beyond --max-body-bytes, its length declared", async () => {
    const answer = await post(`${server.url}/v1/score`, huge);
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "too-large", maxBodyBytes: 100_000 } } });
  });

  test("too-large: the same in chunks of unknown length", async () => {
    const body = new Blob([JSON.stringify(huge)]).stream();
    const request = { method: "POST", body, duplex: "half", headers: { "content-type": "application/json" } };
    const response = await fetch(`${server.url}/v1/score`, request as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "too-large" } });
  });

  test("a client that goes on sending without end is cut off", async () => {
    const patient = await serve({ port: 0, maxBodyBytes: 100_000, requestTimeoutSeconds: 3600 }); // no timeout ends it
    const { socket, received } = await rawConnection(patient.url);
    socket.write("POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n");
    const noise = setInterval(() => socket.write("x".repeat(50_000)), 5);
    expect(await received).toMatch(/^HTTP\/1.1 413 /);
    clearInterval(noise);
    await patient.stop();
  });

  test("too-many-items", async () => {
    const items = Array.from({ length: 11 }, (_, i) => item(i));
    const answer = await post(`${server.url}/v1/score`, { items });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "too-many-items", maxItems: 10 } } });
  });

  test("too-many-items comes before their shape: a million wrong ones are not looked at", async () => {
    const roomy = await serve({ port: 0 });
    const answer = await post(`${roomy.url}/v1/score`, `{"items":[${"{},".repeat(1_000_000)}{}]}`);
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "too-many-items" } } });
    await roomy.stop();
  });
});

describe("401 unauthorized", () => {
  const score = (authorization?: string): ReturnType<typeof post> => {
    const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
    return post(`${guarded.url}/v1/score`, good, headers);
  };
  const basic = (secret: string): string => `Basic ${Buffer.from(`anyone:${secret}`).toString("base64")}`;

  test.each([
    [undefined, "none"],
    ["Bearer wrong", "a wrong one"],
    [`Bearer ${token.slice(0, -1)}`, "all but its last character"],
    [`Bearer ${token}x`, "one character more"],
    [token, "no scheme"],
    [`Digest ${token}`, "another scheme"],
    [basic("wrong"), "a wrong password"],
    [`Basic ${Buffer.from(token).toString("base64")}`, "a password without a name"],
    ["Bearer", "a scheme alone"],
  ])("for the token %j: %s", async (authorization, _why) => {
    const answer = await score(authorization);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  });

  test.each([[`Bearer ${token}`], [`bearer   ${token}`], [basic(token)]])("%s enters", async (authorization) => {
    expect((await score(authorization)).status).toBe(200);
  });

  test("metrics want the token too, health does not", async () => {
    expect((await fetch(`${guarded.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${guarded.url}/healthz`)).status).toBe(200);
  });

  test("beyond loopback the server does not start without a token", async () => {
    await expect(serve({ port: 0, host: "0.0.0.0" })).rejects.toMatchObject({
      name: "ServeError",
      code: "token-required",
    });
    await expect(serve({ port: 0, host: "127.example.org" })).rejects.toMatchObject({ code: "token-required" });
    await expect(serve({ port: 0 }, { token: "" })).rejects.toMatchObject({ code: "token-required" });
    await (await serve({ port: 0, host: "0.0.0.0" }, { token })).stop();
  });
});

describe("404, 405, 415", () => {
  test.each(["/", "/v1", "/v1/score/", "//v1/score", "/toString", "/get_rewards", "/%"])("no %s", async (path) => {
    const answer = await post(`${server.url}${path}`, good);
    expect(answer).toMatchObject({ status: 404, body: { error: { code: "not-found" } } });
  });

  test.each([
    ["GET", "/v1/score", "POST"],
    ["PUT", "/get_reward", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
    ["DELETE", "/metrics", "GET, HEAD"],
  ])("%s %s", async (method, path, allow) => {
    const response = await fetch(`${server.url}${path}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ error: { code: "method-not-allowed" } });
  });

  test.each([
    [{ "content-type": "text/plain" }],
    [{ "content-type": "application/x-www-form-urlencoded" }],
    [{ "content-type": "application/json", "content-encoding": "gzip" }],
  ])("%j", async (headers) => {
    const answer = await post(`${server.url}/v1/score`, JSON.stringify(good), headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 415, body: { error: { code: "unsupported-media-type" } } });
  });

  test("a charset behind the type is fine", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await post(`${server.url}/v1/score`, good, headers)).status).toBe(200);
  });
});

describe("what is not HTTP", () => {
  test.each([
    ["hello\r\n\r\n", 400, "bad-request"],
    ["POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", 400, "bad-request"],
    [
      "POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
      400,
      "bad-request",
    ],
    [`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431, "headers-too-large"],
  ])("%j", async (bytes, status, code) => {
    const { socket, received } = await rawConnection(server.url);
    socket.write(bytes);
    const answer = await received;
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({ error: { code } });
  });
});

test("after all of this the server still scores", async () => {
  expect((await post(`${server.url}/v1/score`, good)).status).toBe(200);
});

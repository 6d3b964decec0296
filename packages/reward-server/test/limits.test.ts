// Slow clients, crowds, long batches, hang-ups: each costs its sender, and nobody else.
import { afterEach, expect, test } from "vitest";
import type { ServeOptions } from "../src/options.ts";
import { type RewardServer, serve } from "../src/serve.ts";
import { eventually, item, post, rawConnection } from "./client.ts";

let server: RewardServer;
const start = async (options: Partial<ServeOptions>): Promise<void> => {
  server = await serve({ port: 0, graceSeconds: 5, requestTimeoutSeconds: 300, ...options });
};
afterEach(() => server.stop());

const inFlight = async (): Promise<number> => {
  const response = await fetch(`${server.url}/healthz`);
  return ((await response.json()) as { inFlight: number }).inFlight;
};
const half = "POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";

test.each([
  ["headers", "POST /v1/score HTTP/1.1\r\nhost:", { headersTimeoutSeconds: 0.2 }],
  ["body", half, { requestTimeoutSeconds: 0.3 }],
])("408 for a client whose %s never end; its place is free again", async (_, bytes, options) => {
  await start(options);
  const { socket, received } = await rawConnection(server.url);
  socket.write(bytes);
  const answer = await received;
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({ error: { code: "request-timeout" } });
  await eventually(async () => (await inFlight()) === 0);
});

test("408 for a client that drips its body, a byte now and then", async () => {
  await start({ requestTimeoutSeconds: 0.5 });
  const { socket, received } = await rawConnection(server.url);
  socket.write(half);
  const drip = setInterval(() => socket.write(" "), 50);
  expect(await received).toMatch(/^HTTP\/1.1 408 /);
  clearInterval(drip);
});

test("429 with retry-after for one request more than --max-concurrency; 200 once there is room", async () => {
  await start({ maxConcurrency: 2 });
  const holders = [await rawConnection(server.url), await rawConnection(server.url)];
  for (const { socket } of holders) socket.write(half);
  await eventually(async () => (await inFlight()) === 2);
  const answer = await post(`${server.url}/v1/score`, { items: [item(1)] });
  expect(answer).toMatchObject({ status: 429, body: { error: { code: "busy", maxConcurrency: 2 } } });
  expect(answer.headers.get("retry-after")).toBe("1");
  holders[0]!.socket.destroy();
  await eventually(async () => (await inFlight()) === 1);
  expect((await post(`${server.url}/v1/score`, { items: [item(1)] })).status).toBe(200);
  holders[1]!.socket.destroy();
});

test("a client that hangs up in the middle frees its place and is counted as 499", async () => {
  await start({});
  const { socket } = await rawConnection(server.url);
  socket.write(half);
  await eventually(async () => (await inFlight()) === 1);
  socket.destroy();
  await eventually(async () => (await inFlight()) === 0);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('videor1_rewards_requests_total{path="/v1/score",status="499"} 1');
});

/** Words that agree with those of another shift here and there, so that their distance takes some milliseconds. */
const manyWords = (shift: number): string =>
  Array.from({ length: 6000 }, (_, i) => `w${(i * i + shift) % 97}`).join(" ");

const heavy = (id: number): Record<string, unknown> => ({
  id,
  completion: `<answer>${manyWords(0)}</answer>`,
  solution: `<answer>${manyWords(31)}</answer>`,
  problemType: "OCR",
});

test("a long batch lets others through, and is not scored to the end once its client has left", async () => {
  await start({ maxItems: 2000, maxBodyBytes: 100e6 });
  const leave = new AbortController();
  const long = fetch(`${server.url}/v1/score`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items: Array.from({ length: 500 }, (_, i) => heavy(i)) }),
    signal: leave.signal,
  });
  long.catch(() => {});
  await eventually(async () => (await inFlight()) === 1);
  for (let i = 0; i < 5; i++) {
    const { body } = await post(`${server.url}/v1/score`, { items: [item(i)] });
    expect(body).toMatchObject({ results: [{ id: i, accuracy: 1 }] });
  }
  expect(await inFlight()).toBe(1); // the long one is still at it
  leave.abort();
  await eventually(async () => (await inFlight()) === 0);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).not.toContain('videor1_rewards_items_total{problem_type="OCR"}');
});

test("64 clients at once: every answer is its own item's, in order, none lost", async () => {
  await start({});
  const clients = 64;
  const rounds = 20;
  const seen = new Set<string>();
  const run = async (client: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      const items = Array.from({ length: 8 }, (_, i) => item(`${client}-${round}-${i}`, (client + round + i) % 3 > 0));
      const { status, body } = await post(`${server.url}/v1/score`, { items });
      expect(status).toBe(200);
      const { results } = body as { results: { id: string; answer: string; accuracy: number }[] };
      expect(results.map(({ id, answer, accuracy }) => ({ id, answer, accuracy }))).toEqual(
        items.map(({ id }, i) => ({ id, answer: id, accuracy: (client + round + i) % 3 > 0 ? 1 : 0 })),
      );
      for (const { id } of results) seen.add(id);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  expect(seen.size).toBe(clients * rounds * 8);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain(`videor1_rewards_items_total{problem_type="multiple choice"} ${clients * rounds * 8}`);
});
